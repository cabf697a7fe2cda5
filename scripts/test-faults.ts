// npm run test:faults: kills, pauses and cuts off everything while merges keep coming; nothing may be lost.
import { parseArgs } from 'node:util'
import { now } from './faults/clock.ts'
import { type Outcome, type RunOptions, runFaults } from './faults/run-faults.ts'
import { applySabotage, sabotages } from './faults/sabotage.ts'
import { longestLife, longestRecovery, tellFigures } from './faults/tell.ts'
import { tellStory } from './faults/tell-story.ts'

const usage = `npm run test:faults                      a minute of faults, with a seed that it prints
npm run test:faults -- --seconds 600     the long form, for by hand
npm run test:faults -- --seed 42         the same faults in the same order again

  --seconds N      how long faults strike (60); healing and judging come after it
  --seed N         the seed of the faults and of the work (drawn, and printed)
  --workers N      worker processes (4)
  --lost WHO       who brings back deliveries that were lost: "reconciler" (Livraison itself) or "harness"
                   (this test, at the end) (harness)
  --slowest        tell the stories of the deployments that took longest
  --quiet          do not tell each fault as it strikes
  --sabotage WHAT  shows that this test can fail: switches a safeguard off in a copy of the build and expects the
                   fault to be found (exit status 0 if it is). WHAT is ${Object.keys(sabotages).join(', ')}

Ends with exit status 0 if nothing was lost, doubled, out of order or left over.`

/** More would hide the first. */
const storiesTold = 5

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    workers: { type: 'string', default: '4' },
    lost: { type: 'string', default: 'harness' },
    slowest: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    sabotage: { type: 'string' },
  },
})
if (values.help) console.log(usage)
else process.exit(await main())

async function main(): Promise<number> {
  const sabotage = values.sabotage === undefined ? undefined : sabotages[values.sabotage]
  if (values.sabotage !== undefined && !sabotage) throw new Error(`There is no sabotage ${values.sabotage}`)
  const zero = now()
  const options: RunOptions = {
    seconds: Number(values.seconds),
    seed: Number(values.seed),
    workers: Number(values.workers),
    lost: values.lost === 'reconciler' ? 'reconciler' : 'harness',
    quietLimitMs: sabotage ? 30_000 : 120_000,
    say: values.quiet ? () => {} : (line) => console.log(line),
    ...(sabotage ? { sabotage: (dist: string) => applySabotage(dist, sabotage) } : {}),
  }
  console.log(`seed ${options.seed}, ${options.seconds} s, ${options.workers} workers`)
  if (sabotage) console.log(`switched off: ${sabotage.what}`)
  const outcome = await runFaults(options)
  for (const line of tellFigures(outcome)) console.log(line)
  if (sabotage) return concludeSabotage(outcome, sabotage.finds)
  tellProblems(outcome, zero)
  if (values.slowest) tellSlowest(outcome, zero)
  if (outcome.problems.length > 0) console.log(`\nFAILED. To see it again: --seed ${options.seed}`)
  return outcome.problems.length === 0 ? 0 : 1
}

function concludeSabotage({ problems }: Outcome, finds: string[]): number {
  const found = problems.filter(({ kind }) => finds.includes(kind))
  for (const { kind, message } of found.slice(0, 5)) console.log(`${kind}: ${message}`)
  console.log(
    found.length > 0 ? `Found, as it must be: ${found.length}` : 'NOT FOUND: the test is blind to it',
  )
  return found.length > 0 ? 0 : 1
}

function tellProblems(outcome: Outcome, zero: number): void {
  for (const { kind, message } of outcome.problems) console.log(`${kind}: ${message}`)
  const ids = outcome.problems.flatMap(({ deployment }) => deployment ?? [])
  tellStories(ids, outcome, zero)
}

function tellSlowest(outcome: Outcome, zero: number): void {
  const { evidence } = outcome
  tellStories([longestRecovery(evidence).deployment, longestLife(evidence).deployment], outcome, zero)
}

function tellStories(ids: number[], outcome: Outcome, zero: number): void {
  for (const id of [...new Set(ids)].slice(0, storiesTold)) {
    console.log('')
    for (const line of tellStory(id, outcome, zero)) console.log(line)
  }
}
