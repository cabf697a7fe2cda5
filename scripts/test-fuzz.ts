// npm run test:fuzz: sends a receiver everything that it must not stumble over, and looks how it is afterwards.
import { parseArgs } from 'node:util'
import { bounds, type FuzzOutcome, runFuzz } from './fuzz/run-fuzz.ts'

const usage = `npm run test:fuzz                        a hundred thousand requests, with a seed that it prints
npm run test:fuzz -- --requests 3000     fewer
npm run test:fuzz -- --seed 42           the same requests again
npm run test:fuzz -- --seed 42 --only 7  one of them alone

  --requests N     how many (100000)
  --seed N         the seed of the requests (drawn, and printed)
  --connections N  how many are under way at a time (24)
  --only N         the request of this number, and no other

Ends with exit status 0 if the receiver is as it was before.`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    connections: { type: 'string', default: '24' },
    only: { type: 'string' },
  },
})
if (values.help) console.log(usage)
else process.exit(await main())

async function main(): Promise<number> {
  const [requests, seed, connections] = [values.requests, values.seed, values.connections].map(Number)
  const one = values.only ? Number(values.only) : undefined
  if (!requests || seed === undefined || !connections || Number.isNaN(one)) throw new Error(usage)
  console.log(`seed ${seed}, ${requests} requests, ${connections} at a time`)
  const outcome = await runFuzz({ requests, seed, connections, one, say: (line) => console.log(line) })
  for (const line of figuresOf(outcome)) console.log(line)
  for (const { index, message } of outcome.problems) {
    console.log(
      index === undefined ? message : `${message}\n    to see it again: --seed ${seed} --only ${index}`,
    )
  }
  console.log(outcome.problems.length === 0 ? 'Nothing is wrong.' : `FAILED. The seed was ${seed}.`)
  return outcome.problems.length === 0 ? 0 : 1
}

function figuresOf({ tookMs, statuses, kinds, warm, after, jobs, slowestMs }: FuzzOutcome): string[] {
  const list = (counts: Map<string, number>) =>
    [...counts]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, many]) => `${name} ${many}`)
      .join(', ')
  const mebibytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)
  const change = (what: 'heapBytes' | 'rssBytes') =>
    `${mebibytes(warm[what])} MiB when warm, ${mebibytes(after[what])} MiB after (at most ${mebibytes(bounds[what])} more)`
  return [
    `took          ${Math.round(tookMs / 1000)} s`,
    `requests      ${list(kinds)}`,
    `answers       ${list(statuses)}`,
    `jobs          ${jobs.queued} queued, ${jobs.stray.length} of them without a good signature`,
    `heap          ${change('heapBytes')}`,
    `memory        ${change('rssBytes')}`,
    `open files    ${warm.files ?? '?'} when warm, ${after.files ?? '?'} after`,
    `longest block ${after.blocks[0]?.ms ?? 0} ms (at most ${bounds.blockMs})`,
    `slow senders  the last was cut off after ${Math.round(slowestMs / 1000)} s (at most ${bounds.slowMs / 1000})`,
  ]
}
