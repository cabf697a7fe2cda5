import { STATUS_CODES } from 'node:http'
import type { Case } from './case.ts'
import type { Answer } from './read-answers.ts'
import type { Sent } from './send.ts'

/** What is wrong with what came of a case; undefined: nothing. Pure. */
export function judgeSent(made: Case, { answers, end }: Sent): string | undefined {
  if (end === 'late') return 'nothing came, and the connection stayed open'
  if (end === 'odd') return 'what came is no HTTP'
  for (const [at, answer] of answers.entries()) {
    const problem = judgeAnswer(answer, made.heads[at])
    if (problem !== undefined) return problem
  }
  // Who is told that a body is too large while it is still being written may lose the answer with the connection.
  // https://www.rfc-editor.org/rfc/rfc9112#section-9.6
  if (end === 'reset' && isTooLarge(made)) return undefined
  if (made.expects === 'all' && answers.length < made.heads.length) return 'there was no answer'
  return undefined
}

const largestBody = 25 * 1024 * 1024

function isTooLarge({ pieces }: Case): boolean {
  return pieces.reduce((sum, { length }) => sum + length, 0) > largestBody
}

const stack = /\n\s+at |node:internal|node_modules|\.[jt]sx?:\d+:\d+/

function judgeAnswer(answer: Answer, isHead: boolean | undefined): string | undefined {
  const { status, headers, body } = answer
  if (status >= 500 && status !== 503) return `it answered ${status}: ${body.slice(0, 300)}`
  if (status === 503 && !headers.has('retry-after')) return 'it answered 503 without Retry-After'
  if (stack.test(body) && status >= 400) return `it answered with a stack: ${body.slice(0, 300)}`
  // Of what was no proper request it is not known whether it was taken for HEAD.
  if (status < 400 || (isHead ?? body === '')) return undefined
  if (headers.get('content-type')?.startsWith('text/html')) return undefined
  return hasErrorShape(answer) ? undefined : `${status} has not the shape of an error: ${body.slice(0, 300)}`
}

function hasErrorShape({ status, body }: Answer): boolean {
  try {
    const read = JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) as Record<string, unknown>
    const isRight = read.statusCode === status && read.error === STATUS_CODES[status]
    return isRight && typeof read.message === 'string' && Object.keys(read).length === 3
  } catch {
    return false
  }
}
