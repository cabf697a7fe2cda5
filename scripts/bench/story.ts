import { type Random, seededRandom } from '../faults/random.ts'

/** A deployment that never was, as the record has it. Times are milliseconds since 1970. */
export interface ToldDeployment {
  id: number
  lane: ToldLane
  sha: string
  title: string
  person: string
  pullRequest: number
  state: 'success' | 'failure' | 'error' | 'inactive' | 'in_progress' | 'queued'
  changedAt: number
  acceptedAt: number
  startedAt?: number
  finishedAt?: number
  verified: boolean
  rollbackOf?: number
  /** What was said of it last. */
  description: string
}

export interface ToldLane {
  repository: { id: number; owner: string; name: string }
  environment: string
  production: boolean
  /** How long a deployment usually takes. */
  usualMs: number
}

/** What is to be told of. */
export interface StoryOptions {
  environments: number
  deployments: number
  days: number
  now: number
  seed: number
}

const teams = ['acme', 'harbour', 'lantern', 'meadow', 'quarry']
const services =
  'shop till search basket billing ledger mailer gateway accounts catalogue stock orders pricing reviews maps photos chat wiki status docs'.split(
    ' ',
  )
const kinds = ['', '-api', '-web', '-worker', '-jobs', '-admin']
const stages = ['staging', 'production', 'preview', 'canary', 'production-eu']
const people = ['octocat', 'hubot', 'ada', 'grace', 'linus', 'margaret', 'barbara', 'edsger', 'alan', 'radia']
const verbs = ['Mend', 'Speed up', 'Simplify', 'Test', 'Rename', 'Take out', 'Translate', 'Log', 'Cache']
const things = [
  'the cart',
  'the login',
  'the search',
  'old flags',
  'the invoice',
  'time zones',
  'the menu',
  'retries',
]

const hourMs = 3600_000
const dayMs = 24 * hourMs

/** The environments: some repositories have two, some up to five. The first three stages are in most. */
export function tellLanes({ environments, seed }: StoryOptions): ToldLane[] {
  const random = seededRandom(seed)
  const lanes: ToldLane[] = []
  for (let number = 0; lanes.length < environments; number++) {
    const owner = teams[number % teams.length] ?? ''
    const service = services[Math.floor(number / teams.length) % services.length] ?? ''
    const kind = kinds[Math.floor(number / (teams.length * services.length)) % kinds.length] ?? ''
    const repository = { id: 5000 + number, owner, name: `${service}${kind}` }
    for (const environment of stages.slice(0, random.whole(2, stages.length + 1))) {
      if (lanes.length === environments) break
      const production = environment.startsWith('production')
      lanes.push({ repository, environment, production, usualMs: random.between(20_000, 8 * 60_000) })
    }
  }
  return lanes
}

/**
 * Months of deployments in these lanes, the oldest first: busy lanes and quiet ones, mostly in working hours, one at a time in each
 * lane, some failing and rolled back, and at the end a few that run or wait. The same for the same seed.
 */
export function tellStory(lanes: readonly ToldLane[], options: StoryOptions): ToldDeployment[] {
  const random = seededRandom(options.seed + 1)
  const weights = lanes.map(() => random.between(0.1, 1) ** 3)
  const told: Untold[] = []
  let weightLeft = weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, lane] of lanes.entries()) {
    const [left, lanesLeft] = [options.deployments - told.length, lanes.length - index]
    const weight = weights[index] ?? 0
    // Every lane has had one; the busy ones have hundreds.
    const count = 1 + Math.floor((weight / weightLeft) * (left - lanesLeft))
    const room = lanesLeft === 1 ? left : Math.max(1, left - lanesLeft)
    told.push(...tellLane(lane, count, random, options).slice(0, room))
    weightLeft -= weight
  }
  return numbered(told)
}

type Untold = Omit<ToldDeployment, 'id' | 'rollbackOf'> & { undoes?: Untold }

function tellLane(lane: ToldLane, count: number, random: Random, { now, days }: StoryOptions): Untold[] {
  const begins = Array.from({ length: count }, () => now - hourMs - random.between(0, days * dayMs))
    .map((at) => inWorkingHours(at))
    .sort((a, b) => a - b)
  const told: Untold[] = []
  let free = 0
  for (const at of begins) {
    const one = tellOne(lane, Math.max(at, free), random)
    told.push(one)
    free = (one.finishedAt ?? one.acceptedAt) + 1000
    if (one.state !== 'failure' || random.between(0, 1) > 0.6) continue
    const back = told.findLast(({ state }) => state === 'success')
    if (back === undefined) continue
    const undo = tellOne(lane, free + 1000, random, 'success')
    told.push({ ...undo, sha: back.sha, title: `Rollback to ${back.sha.slice(0, 7)}.`, undoes: one })
    free = (undo.finishedAt ?? 0) + 1000
  }
  // What is going on now.
  const chance = random.between(0, 1)
  if (chance < 0.04) told.push(tellUnfinished(lane, now - lane.usualMs / 2, 'in_progress', random))
  if (chance < 0.02) told.push(tellUnfinished(lane, now - 5000, 'queued', random))
  return told
}

/** Nights and weekends are quiet: what falls there is moved into the hours before. */
function inWorkingHours(at: number): number {
  const date = new Date(at)
  const weekend = date.getUTCDay() === 0 ? 2 : date.getUTCDay() === 6 ? 1 : 0
  const hour = date.getUTCHours()
  const shift = hour < 7 || hour > 18 ? ((hour + 24 - 9) % 24) * hourMs * 0.9 : 0
  return at - weekend * dayMs - shift
}

function tellOne(lane: ToldLane, at: number, random: Random, certain?: 'success'): Untold {
  const chance = random.between(0, 1)
  const state =
    certain ?? (chance < 0.89 ? 'success' : chance < 0.95 ? 'failure' : chance < 0.97 ? 'error' : 'inactive')
  const took = lane.usualMs * random.between(0.7, 1.6) * (state === 'failure' ? 0.6 : 1)
  const times =
    state === 'inactive' ? { finishedAt: at + 9000 } : { startedAt: at + 1500, finishedAt: at + 1500 + took }
  return {
    ...tellChange(lane, at, random),
    ...times,
    state,
    verified: state === 'success' && chance < 0.5,
    description: words[state],
  }
}

const words = {
  success: 'Deployed.',
  failure: 'The command ended with exit status 1.',
  error: 'The worker running it was lost.',
  inactive: 'Superseded by a newer one.',
}

function tellUnfinished(lane: ToldLane, at: number, state: 'in_progress' | 'queued', random: Random): Untold {
  const change = { ...tellChange(lane, at, random), state, verified: false }
  if (state === 'queued') return { ...change, description: `${lane.environment} is busy with another.` }
  return { ...change, startedAt: at + 1500, description: 'Deploying.' }
}

function tellChange(lane: ToldLane, at: number, random: Random) {
  return {
    lane,
    sha: Array.from({ length: 5 }, () =>
      random
        .whole(0, 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join(''),
    title: `${random.pick(verbs)} ${random.pick(things)}`,
    person: random.pick(people),
    pullRequest: random.whole(1, 4000),
    changedAt: at - random.between(60_000, lane.production ? 30 * hourMs : hourMs),
    acceptedAt: at,
  }
}

/** GitHub numbers deployments in the order in which they are made. */
function numbered(told: Untold[]): ToldDeployment[] {
  const sorted = told.toSorted((a, b) => a.acceptedAt - b.acceptedAt)
  const ids = new Map(sorted.map((one, index) => [one, 700_001 + index]))
  return sorted.map(({ undoes, ...one }, index) => {
    const rollbackOf = undoes && ids.get(undoes)
    return { ...one, id: 700_001 + index, ...(rollbackOf === undefined ? {} : { rollbackOf }) }
  })
}
