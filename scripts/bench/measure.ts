import { setTimeout as sleep } from 'node:timers/promises'
import { cpuMs } from './usage.ts'

/** How long an address took to answer, to the last byte. */
export interface Measured {
  path: string
  medianMs: number
  p99Ms: number
  /** What the receiver's processor worked for one: a busy machine makes answers late, and this hardly more. */
  cpuMs: number | undefined
  bytes: number
  /** Answers that were not 200, by their status. */
  failed: Map<number, number>
}

export interface MeasureOptions {
  url: string
  headers: Record<string, string>
  /** The receiver's process. */
  pid: number
  /** Asked so often one after another, after some that do not count. */
  times: number
  warmUps?: number
}

/** Measures an address; a function gives another each time, so that nothing remembers the answer. */
export async function measure(
  path: string | ((time: number) => string),
  { url, headers, pid, times, warmUps = 15 }: MeasureOptions,
): Promise<Measured> {
  const pathOf = (time: number) => (typeof path === 'string' ? path : path(time))
  const took: number[] = []
  const failed = new Map<number, number>()
  let bytes = 0
  let before: number | undefined
  for (let time = -warmUps; time < times; time++) {
    if (time === 0) before = cpuMs(pid)
    const begun = performance.now()
    const response = await fetch(`${url}${pathOf(time + warmUps)}`, { headers, redirect: 'manual' })
    const body = await response.arrayBuffer()
    if (time >= 0) took.push(performance.now() - begun)
    bytes = body.byteLength
    if (response.status !== 200) failed.set(response.status, (failed.get(response.status) ?? 0) + 1)
  }
  const after = cpuMs(pid)
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0
  const cpu = before === undefined || after === undefined ? undefined : (after - before) / times
  return { path: pathOf(0), medianMs: at(0.5), p99Ms: at(0.99), cpuMs: cpu, bytes, failed }
}

/** What share of one processor a process uses for some seconds. */
export async function cpuShare(pid: number, seconds: number): Promise<number | undefined> {
  const [before, begun] = [cpuMs(pid), performance.now()]
  await sleep(seconds * 1000)
  const [after, took] = [cpuMs(pid), performance.now() - begun]
  return before === undefined || after === undefined ? undefined : (after - before) / took
}

/** Followers of the live events, until they are sent away; undefined if there is nothing to follow. */
export async function follow(
  url: string,
  headers: Record<string, string>,
  followers: number,
): Promise<(() => void) | undefined> {
  const leaving = new AbortController()
  const responses = await Promise.all(
    Array.from({ length: followers }, () =>
      fetch(`${url}/api/events`, {
        headers: { ...headers, accept: 'text/event-stream' },
        signal: leaving.signal,
      }),
    ),
  )
  if (responses.some(({ status }) => status !== 200)) {
    leaving.abort()
    return undefined
  }
  for (const { body } of responses) void body?.pipeTo(new WritableStream()).catch(() => {})
  return () => leaving.abort()
}
