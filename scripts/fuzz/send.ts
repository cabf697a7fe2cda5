import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Case } from './case.ts'
import { type Answer, readAnswers } from './read-answers.ts'

/** What came of a case. Times are milliseconds since 1970. */
export interface Sent {
  answers: Answer[]
  /** Everything that was waited for came; the other side closed, or reset; nothing came for too long; it is no HTTP. */
  end: 'answered' | 'closed' | 'reset' | 'late' | 'odd'
  from: number
  to: number
}

const limitMs = 30_000

/** Sends a case on a connection of its own, from one of this machine's addresses. */
export async function send(port: number, from: string | undefined, made: Case): Promise<Sent> {
  const begin = Date.now()
  const socket = connect({ port, host: '127.0.0.1', ...(from && { localAddress: from }) })
  const chunks: Buffer[] = []
  const wanted = made.ending === 'wait' ? made.heads.length : Number.POSITIVE_INFINITY
  const outcome = new Promise<Sent['end']>((resolve) => {
    const limit = setTimeout(() => resolve('late'), limitMs)
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (isEnough(chunks, made.heads, wanted)) resolve('answered')
    })
    // It may be reset while we still write: what had come before is read all the same.
    let isReset = false
    socket.on('error', () => {
      isReset = true
    })
    socket.on('close', () => resolve(isReset ? 'reset' : 'closed'))
    socket.once('close', () => clearTimeout(limit))
  })
  await write(socket, made)
  if (made.ending === 'close') socket.end()
  if (made.ending === 'break') socket.resetAndDestroy()
  let end = await outcome
  socket.destroy()
  let answers: Answer[] = []
  try {
    answers = readAnswers(Buffer.concat(chunks), made.heads, end === 'closed' || end === 'reset')
  } catch {
    end = 'odd'
  }
  return { answers, end, from: begin, to: Date.now() }
}

/** Whether all is there that is waited for; an answer without an end is the last. */
function isEnough(chunks: readonly Buffer[], heads: readonly boolean[], wanted: number): boolean {
  try {
    const answers = readAnswers(Buffer.concat(chunks), heads, false)
    return answers.length >= wanted || answers.some(({ isStream }) => isStream)
  } catch {
    return true
  }
}

async function write(socket: ReturnType<typeof connect>, { pieces, pauseMs }: Case): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return
    socket.write(piece)
    if (pauseMs > 0) await sleep(pauseMs)
  }
}
