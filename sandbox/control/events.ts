import type { FastifyReply } from 'fastify'
import type { Change, World } from '../world.ts'

/** Sends every change of state as a server-sent event until the reader goes. */
export function followEvents(world: World, reply: FastifyReply): void {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  raw.write(': follows every change\n\n')
  const send = (change: Change) => raw.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`)
  world.changes.on('change', send)
  raw.once('close', () => world.changes.off('change', send))
}
