import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { monotonicMs } from './usage.ts'

export interface Answered {
  /** How long each request took, in ms. */
  tookMs: number[]
  /** When the first request was sent, by the machine's clock, and how long it was until the last answer. */
  begunMs: number
  elapsedMs: number
  /** Answers by their status. */
  statuses: Map<number, number>
}

/**
 * Sends requests that are written out already over some kept-alive connections, on each the next when the last is
 * answered. A client that does nothing else leaves the processor to whom it measures.
 */
export async function sendAll(
  port: number,
  requests: readonly Buffer[],
  connections: number,
): Promise<Answered> {
  const answered: Answered = { tookMs: [], begunMs: 0, elapsedMs: 0, statuses: new Map() }
  const queue = { requests, next: 0 }
  const sockets = Array.from({ length: connections }, () =>
    connect({ port, host: '127.0.0.1', noDelay: true }),
  )
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    answered.begunMs = monotonicMs()
    await Promise.all(sockets.map((socket) => sendOneByOne(socket, queue, answered)))
    answered.elapsedMs = monotonicMs() - answered.begunMs
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  return answered
}

function sendOneByOne(
  socket: Socket,
  queue: { requests: readonly Buffer[]; next: number },
  { tookMs, statuses }: Answered,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0
    let text = ''
    const send = (): void => {
      const request = queue.requests[queue.next++]
      if (request === undefined) {
        resolve()
        return
      }
      sentAt = monotonicMs()
      socket.write(request)
    }
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
      if (!isComplete(text)) return
      tookMs.push(monotonicMs() - sentAt)
      const status = Number(text.slice(9, 12))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      text = ''
      send()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('The receiver closed a connection.')))
    send()
  })
}

/** Whether an answer (as latin1: a character is a byte) has come to its end. Pure. */
export function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return false
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end + 2))?.[1]
  if (length !== undefined) return text.length >= end + 4 + Number(length)
  if (/\r\ntransfer-encoding: *chunked/i.test(text.slice(0, end + 2))) return text.endsWith('0\r\n\r\n')
  return true
}

/** How many of the answers were of the 200s. */
export function accepted({ statuses }: Answered): number {
  return [...statuses].reduce((sum, [status, count]) => sum + (status < 300 ? count : 0), 0)
}
