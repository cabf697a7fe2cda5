import type { FastifyReply } from 'fastify'
import type { FaultAnswer } from './faults.ts'

/** What a request is answered with. */
export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

/**
 * Replies as the fault (if any) has it, else with what `act` gives.
 * Gives the status that was answered, 0 if none was.
 */
export async function replyWith(
  reply: FastifyReply,
  fault: FaultAnswer | undefined,
  act: () => Promise<Answer>,
): Promise<number> {
  if (fault === 'reset-before') return drop(reply)
  if (fault === 'hang') return hang(reply)
  if (fault === 'drop-after') {
    await act()
    return drop(reply)
  }
  if (fault === 'reset-after') return cutInTheMiddle(reply, await act())
  if (fault && 'status' in fault) return write(reply, fault)
  if (fault) await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
  return write(reply, await act())
}

function write(reply: FastifyReply, { status, body, headers = {} }: Answer): number {
  reply.code(status).headers({ 'x-github-request-id': 'SANDBOX', ...headers })
  if (body === undefined) reply.send()
  else reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
  return status
}

/** Cuts the connection without an answer. */
function drop(reply: FastifyReply): number {
  reply.hijack()
  reply.raw.socket?.resetAndDestroy()
  return 0
}

async function hang(reply: FastifyReply): Promise<number> {
  reply.hijack()
  await new Promise((resolve) => reply.raw.once('close', resolve))
  return 0
}

/** Sends half of the answer, then cuts the connection. */
function cutInTheMiddle(reply: FastifyReply, { status, body }: Answer): number {
  const text = Buffer.from(JSON.stringify(body ?? {}))
  reply.hijack()
  reply.raw.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length })
  reply.raw.write(text.subarray(0, text.length / 2), () => reply.raw.socket?.destroy())
  return status
}
