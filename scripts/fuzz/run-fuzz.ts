import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis } from '../private-redis.ts'
import { holdConnections } from './held.ts'
import { findStrayJobs, type JobCount } from './jobs.ts'
import { judgeSent } from './judge-sent.ts'
import { type CaseTools, makeCase } from './make-case.ts'
import type { State } from './probe.ts'
import { type ReceiverProcess, startReceiverProcess } from './receiver-process.ts'
import type { Secrets } from './secrets.ts'
import { send } from './send.ts'

export interface FuzzOptions {
  requests: number
  seed: number
  /** So many connections at a time. */
  connections: number
  /** The number of one, if the others are left out. */
  one?: number | undefined
  say: (line: string) => void
}

export interface Problem {
  /** The number of the request, where it is of one. */
  index?: number
  message: string
}

export interface FuzzOutcome {
  problems: Problem[]
  tookMs: number
  statuses: Map<string, number>
  kinds: Map<string, number>
  warm: State
  after: State
  jobs: JobCount
  slowestMs: number
}

/** What is borne; more is a problem. */
export const bounds = {
  heapBytes: 16 * 1024 * 1024,
  /** Of what buffers of 25 MiB leave behind, the allocator gives back only some. */
  rssBytes: 128 * 1024 * 1024,
  blockMs: 1000,
  /** A late sender is cut off after 30 s, looked for every few. */
  slowMs: 45_000,
}

const mostProblems = 20
const largeEvery = 1500
const heldConnections = 160

/** Starts a Redis and a receiver, sends it everything, and judges both. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzOutcome> {
  const cwd = mkdtempSync(join(tmpdir(), 'livraison-fuzz-'))
  const redis = await startRedis({ persistent: false, dir: cwd })
  const secrets = newSecrets()
  const receiver = await startReceiverProcess({ redisUrl: redis.url, secrets, cwd })
  try {
    secrets.viewer = await makeViewer(receiver.port, secrets.admin)
    return await fuzz(receiver, secrets, redis.url, options)
  } finally {
    await receiver.stop()
    await redis.close()
    rmSync(cwd, { recursive: true, force: true })
  }
}

function newSecrets(): Secrets {
  const secret = () => randomBytes(16).toString('hex')
  return { webhook: secret(), slack: secret(), hubot: secret(), admin: secret(), viewer: '' }
}

async function makeViewer(port: number, admin: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'fuzz', role: 'viewer' }),
  })
  const { secret } = (await answer.json()) as { secret: string }
  return secret
}

async function fuzz(
  receiver: ReceiverProcess,
  secrets: Secrets,
  redisUrl: string,
  options: FuzzOptions,
): Promise<FuzzOutcome> {
  const { requests, seed, one } = options
  const beganAt = Date.now()
  const tools = { seed, secrets, routes: await receiver.routes(), largeEvery }
  const run = openRun(receiver, tools, options)
  if (one !== undefined) await run.send(one, one + 1)
  // By then, what is compiled, cached and pooled once is there, and the largest have been.
  const warmUp = Math.min(Math.max(Math.round(requests / 10), largeEvery + 1), Math.round(requests / 2))
  if (one === undefined) await run.send(0, warmUp)
  const warm = await settled(receiver)
  const held = holdConnections(receiver.port, heldConnections)
  if (one === undefined) await run.send(warmUp, requests)
  const slowestMs = await held.ended(bounds.slowMs).catch((error: Error) => {
    run.problem({ message: error.message })
    return bounds.slowMs
  })
  held.close()
  const after = await settled(receiver, warm)
  const jobs = await findStrayJobs(redisUrl)
  const outcome = { ...run.found, warm, after, jobs, slowestMs, tookMs: Date.now() - beganAt }
  return { ...outcome, problems: [...outcome.problems, ...(await judgeAll(receiver, outcome, run.underWay))] }
}

type Found = Pick<FuzzOutcome, 'problems' | 'statuses' | 'kinds'>

interface Run {
  found: Found
  problem(problem: Problem): void
  /** Sends the requests of these numbers, several at a time, and judges each. */
  send(from: number, to: number): Promise<void>
  /** The numbers of those that were under way at a time. */
  underWay(at: number): number[]
}

function openRun(receiver: ReceiverProcess, tools: CaseTools, { connections, say }: FuzzOptions): Run {
  const found: Found = { problems: [], statuses: new Map(), kinds: new Map() }
  const times: [from: number, to: number][] = []
  const problem = (each: Problem) => {
    if (found.problems.length < mostProblems) found.problems.push(each)
  }
  const sendOne = async (index: number) => {
    const made = makeCase(index, tools)
    const sent = await send(receiver.port, addressOf(index), made)
    times[index] = [sent.from, sent.to]
    count(found.kinds, made.kind)
    for (const { status } of sent.answers) count(found.statuses, String(status))
    if (sent.answers.length === 0) count(found.statuses, 'none')
    const message = judgeSent(made, sent)
    if (message !== undefined) problem({ index, message })
  }
  return {
    found,
    problem,
    underWay: (at) =>
      times.flatMap((time, index) => (time && time[0] <= at && at - 2000 <= time[1] ? [index] : [])),
    async send(from, to) {
      let next = from
      const one = async () => {
        while (next < to && receiver.ended() === undefined) {
          const index = next++
          if (index % 10_000 === 0 && index > 0) say(`${index} requests`)
          await sendOne(index)
        }
      }
      await Promise.all(Array.from({ length: connections }, one))
    },
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

/** Where a machine has many addresses of its own, as Linux has, those who send have some each. */
function addressOf(index: number): string | undefined {
  return process.platform === 'linux' ? `127.0.0.${1 + (index % 200)}` : undefined
}

const settleLimitMs = 15_000

/** Waits until it is as it was, or does not change any more, and gives how it is then. */
async function settled(receiver: ReceiverProcess, before?: State): Promise<State> {
  const until = performance.now() + settleLimitMs
  for (let last = await receiver.state(); ; ) {
    await sleep(500)
    const state = await receiver.state()
    const isSteady = Math.abs(state.heapBytes - last.heapBytes) < 256 * 1024 && state.files === last.files
    const isAsBefore = before === undefined || (state.files ?? 0) <= (before.files ?? 0)
    if ((isSteady && isAsBefore) || performance.now() > until) return state
    last = state
  }
}

const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

async function judgeAll(
  receiver: ReceiverProcess,
  { warm, after, jobs }: Pick<FuzzOutcome, 'warm' | 'after' | 'jobs'>,
  underWay: (at: number) => number[],
): Promise<Problem[]> {
  const messages: string[] = []
  const end = receiver.ended()
  if (end !== undefined) messages.push(`The receiver has ended: ${end}`)
  else if (!(await isUp(receiver.port))) messages.push('The receiver does not answer any more')
  for (const line of receiver.faults) messages.push(`It logged an error: ${line.slice(0, 600)}`)
  const heap = after.heapBytes - warm.heapBytes
  if (heap > bounds.heapBytes) messages.push(`Its heap has grown by ${mebibytes(heap)}`)
  const rss = after.rssBytes - warm.rssBytes
  if (rss > bounds.rssBytes) messages.push(`Its memory has grown by ${mebibytes(rss)}`)
  if (warm.files !== undefined && (after.files ?? 0) > warm.files + 1) {
    messages.push(`It has ${after.files} files open, ${warm.files} before`)
  }
  const [longest] = after.blocks
  if (longest && longest.ms > bounds.blockMs) {
    const those = underWay(longest.at).slice(0, 40).join(' ')
    messages.push(`Its event loop was blocked for ${longest.ms} ms, while these were under way: ${those}`)
  }
  for (const each of jobs.stray) messages.push(`A job was queued without a good signature: ${each}`)
  return messages.map((message) => ({ message }))
}

async function isUp(port: number): Promise<boolean> {
  const answers = await Promise.all(
    ['/healthz', '/readyz'].map((path) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined)),
  )
  return answers.every((answer) => answer?.ok)
}
