import { type Fault, valueAt } from './describe-issue.ts'
import { readDuration } from './duration.ts'
import type { Path } from './problem.ts'

const bodiless = ['GET', 'HEAD']

/** What is wrong with how a request's outcome is to be known, in a tree that may be wrong elsewhere. */
export function checkRequest(path: Path, request: unknown, timeout: unknown): Fault[] {
  const callback = valueAt(request, ['callback'])
  if (callback === undefined || callback === false) return []
  const at: Path = [...path, 'callback']
  const faults: Fault[] = []
  if (valueAt(request, ['poll']) !== undefined) {
    faults.push(atKey(at, 'cannot go with `poll`: the outcome is either asked for or told'))
  }
  const method = valueAt(request, ['method'])
  if (typeof method === 'string' && bodiless.includes(method.toUpperCase())) {
    faults.push(atKey(at, `needs a method with a body, which ${method} has not: the address is in the body`))
  }
  const body = valueAt(request, ['body'])
  if (body !== undefined && !/\{\{\s*callback_url\s*\}\}/.test(JSON.stringify(body) ?? '')) {
    faults.push(atKey(at, 'needs {{callback_url}} in the body: without it, nobody knows what to call'))
  }
  const within = durationAt(callback, ['within'])
  const limit = typeof timeout === 'string' ? readDuration(timeout) : undefined
  if (within !== undefined && limit !== undefined && within > limit) {
    const message = 'must not be longer than the timeout, which ends all'
    faults.push({ path: [...at, 'within'], at: 'value', message })
  }
  return faults
}

function durationAt(tree: unknown, path: Path): number | undefined {
  const value = valueAt(tree, path)
  return typeof value === 'string' ? readDuration(value) : undefined
}

function atKey(path: Path, message: string): Fault {
  return { path, at: 'key', message }
}
