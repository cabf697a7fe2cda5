import type { FaultRule } from '../../sandbox/faults.ts'
import { type Random, seededRandom } from './random.ts'

/** How the network between a worker and Redis fails. */
export type Cut = 'refuse' | 'black-hole'

/** A worker by its place, or whichever has worked on a deployment for longest when the time comes. */
export type Target = number | 'busy'

/** Something that goes wrong, with all that is needed to make it go wrong the same way again. */
export type Fault =
  | { kind: 'worker killed'; worker: Target; forMs: number }
  | { kind: 'worker paused'; worker: Target; forMs: number }
  | { kind: 'worker drained'; worker: Target }
  | { kind: 'worker cut off Redis'; worker: Target; cut: Cut; forMs: number }
  | { kind: 'receiver killed'; forMs: number }
  | { kind: 'Redis killed'; forMs: number }
  /** Without `forMs`, it lasts until the rule's number of times is used up. */
  | { kind: GitHubFault; rule: FaultRule; forMs?: number }
  | { kind: 'deliveries lost'; event: string; times: number; unrecorded: boolean }
  | { kind: 'delivery repeated' }

export type GitHubFault =
  | 'GitHub 5xx'
  | 'GitHub cuts before'
  | 'GitHub cuts after'
  | 'GitHub hangs'
  | 'GitHub 401'
  | 'GitHub 403/429'
  | 'GitHub slow'

export type FaultKind = Fault['kind']

/** A fault and when it happens, in milliseconds after the start. */
export interface Planned {
  atMs: number
  fault: Fault
}

export interface PlanOptions {
  seed: number
  seconds: number
  workers: number
  /** Whether something brings back deliveries that not even GitHub knows of. */
  unrecordedLosses: boolean
}

/** Each round of the plan has each of these, in an order of its own. */
const round: FaultKind[] = [
  ...Array<FaultKind>(4).fill('worker killed'),
  ...Array<FaultKind>(2).fill('worker paused'),
  ...Array<FaultKind>(2).fill('worker drained'),
  ...Array<FaultKind>(3).fill('worker cut off Redis'),
  'receiver killed',
  'Redis killed',
  'GitHub 5xx',
  'GitHub cuts before',
  'GitHub cuts after',
  'GitHub cuts after',
  'GitHub hangs',
  'GitHub 401',
  'GitHub 403/429',
  'GitHub slow',
  'GitHub slow',
  'deliveries lost',
  'delivery repeated',
  'delivery repeated',
]

/** After these a client waits for half a minute, or a minute: too long for a short run. */
const slowKinds: FaultKind[] = ['GitHub hangs', 'GitHub 401']
const longSeconds = 180

/** All that goes wrong in a run. Pure: the same options give the same plan. */
export function planFaults(options: PlanOptions): Planned[] {
  const random = seededRandom(options.seed)
  const kinds = round.filter((kind) => options.seconds >= longSeconds || !slowKinds.includes(kind))
  const planned: Planned[] = []
  let atMs = random.between(500, 1500)
  while (atMs < options.seconds * 1000) {
    for (const kind of random.shuffle(kinds)) {
      planned.push({ atMs, fault: drawFault(kind, random, options) })
      atMs += random.between(300, 2200)
    }
  }
  return planned.filter((each) => each.atMs < options.seconds * 1000)
}

function drawFault(kind: FaultKind, random: Random, { workers, unrecordedLosses }: PlanOptions): Fault {
  const worker = random.pick<Target>([random.whole(0, workers), 'busy', 'busy'])
  const forMs = (from: number, to: number): number => Math.round(random.between(from, to))
  switch (kind) {
    case 'worker killed':
      return { kind, worker, forMs: forMs(100, 3000) }
    case 'worker paused':
      return { kind, worker, forMs: forMs(1500, 9000) }
    case 'worker drained':
      return { kind, worker }
    case 'worker cut off Redis':
      return { kind, worker, cut: random.pick(['refuse', 'black-hole']), forMs: forMs(300, 9000) }
    case 'receiver killed':
      return { kind, forMs: forMs(100, 2500) }
    case 'Redis killed':
      return { kind, forMs: forMs(50, 2500) }
    case 'deliveries lost': {
      const event = random.pick(['pull_request', 'deployment'])
      const unrecorded = random.pick([true, false]) && unrecordedLosses
      return { kind, event, times: random.whole(1, 4), unrecorded }
    }
    case 'delivery repeated':
      return { kind }
    default:
      return drawGitHubFault(kind, random, forMs)
  }
}

const writes = ['repos/create-deployment', 'repos/create-deployment-status', undefined]

function drawGitHubFault(
  kind: GitHubFault,
  random: Random,
  forMs: (from: number, to: number) => number,
): Fault {
  const operation = random.pick(writes)
  const on = operation === undefined ? {} : { operation }
  const times = random.whole(1, 4)
  switch (kind) {
    case 'GitHub 5xx':
      return { kind, rule: { answer: { status: random.pick([500, 502, 503]) } }, forMs: forMs(300, 3000) }
    case 'GitHub cuts before':
      return { kind, rule: { ...on, times, answer: 'reset-before' } }
    case 'GitHub cuts after':
      return { kind, rule: { ...on, times, answer: 'reset-after' } }
    case 'GitHub hangs':
      return { kind, rule: { ...on, times: 1, answer: 'hang' } }
    case 'GitHub 401': {
      const answer = { status: 401, body: { message: 'Bad credentials' } }
      return { kind, rule: { answer }, forMs: forMs(200, 2000) }
    }
    case 'GitHub 403/429': {
      const headers = { 'retry-after': random.pick(['1', '2']) }
      const body = { message: 'You have exceeded a secondary rate limit' }
      return { kind, rule: { times, answer: { status: random.pick([403, 429]), headers, body } } }
    }
    case 'GitHub slow':
      return { kind, rule: drawSlowness(random), forMs: forMs(1000, 4000) }
  }
}

/**
 * Reads may take longer than a lease. A write that takes effect after its writer's lease would be a second one,
 * and no client could know: real leases are longer than the 10 s after which GitHub ends a request.
 */
function drawSlowness(random: Random): FaultRule {
  const delayMs = Math.round(random.between(300, 2500))
  return random.pick([true, false])
    ? { answer: { delayMs } }
    : { method: 'GET', answer: { delayMs: delayMs + 2000 } }
}
