import { connect, type Socket } from 'node:net'
import { within } from '../../src/within.ts'

/** Connections of senders that do not come to an end. */
export interface Held {
  /** Waits until the other side has closed them all; gives how long the slowest was borne, in ms. Throws if some stay open. */
  ended(limitMs: number): Promise<number>
  close(): void
}

const head = 'POST /event_handler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
const signature = `X-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\n`

/** What each has said at once, and what it says again and again. */
const manners: [first: string, then: string][] = [
  ['', ''],
  ['G', ''],
  ['', 'G'],
  [head, 'X: 1\r\n'],
  [`${head}${signature}Content-Length: 100000\r\n\r\n{`, ''],
  [`${head}${signature}Content-Length: 100000\r\n\r\n{`, 'x'],
  [`${head}${signature}Transfer-Encoding: chunked\r\n\r\n`, '1\r\nx\r\n'],
  [`${head}Content-Length: 100000\r\n\r\n{`, 'x'],
]

const everyMs = 1000

/** Opens so many, of each manner alike. */
export function holdConnections(port: number, count: number): Held {
  const beganAt = performance.now()
  const held = Array.from({ length: count }, (_, at) => hold(port, manners[at % manners.length] ?? ['', '']))
  return {
    async ended(limitMs) {
      const open = () => held.filter(({ socket }) => !socket.closed).length
      const all = Promise.all(held.map(({ ended }) => ended))
      const endedAt = await within(limitMs, all, 'late').catch(() => {
        throw new Error(`${open()} of ${count} slow or half-open connections are still open`)
      })
      return Math.round(Math.max(...endedAt) - beganAt)
    },
    close: () => {
      for (const { socket } of held) socket.destroy()
    },
  }
}

function hold(port: number, [first, then]: [string, string]): { socket: Socket; ended: Promise<number> } {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  socket.resume()
  if (first !== '') socket.write(first)
  const trickle = setInterval(() => then !== '' && socket.writable && socket.write(then), everyMs)
  const ended = new Promise<number>((resolve) => {
    socket.once('close', () => {
      clearInterval(trickle)
      resolve(performance.now())
    })
  })
  return { socket, ended }
}
