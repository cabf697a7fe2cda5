// npm run test:redis: deployments go on while the masters of a Redis Cluster, or of Sentinels, change; and with TLS and ACL.
import { parseArgs } from 'node:util'
import { now } from './faults/clock.ts'
import { tellStory } from './faults/tell-story.ts'
import { redisKinds } from './redis/kinds.ts'
import { runRedis } from './redis/run-redis.ts'
import { tellRedis } from './redis/tell.ts'

const kinds = redisKinds()

const usage = `npm run test:redis                       tries all of these, one after the other
npm run test:redis -- cluster tls        tries some

${Object.entries(kinds)
  .map(([name, { what }]) => `  ${name.padEnd(16)} ${what}`)
  .join('\n')}

  --faults N       how many faults strike each (as many as it has)
  --pause N        seconds of work before, between and after faults (5)
  --seed N         the seed of the work (drawn, and printed)
  --workers N      worker processes (2)

Ends with exit status 0 if nothing was lost, doubled, out of order or left over.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    faults: { type: 'string' },
    pause: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    workers: { type: 'string', default: '2' },
  },
})

/** More would hide the first. */
const storiesTold = 3

if (values.help) console.log(usage)
else process.exit(await main())

async function main(): Promise<number> {
  const wanted = positionals.length > 0 ? positionals : Object.keys(kinds)
  const failed: string[] = []
  for (const name of wanted) {
    const kind = kinds[name]
    if (!kind) throw new Error(`There is no ${name}: ${Object.keys(kinds).join(', ')}`)
    console.log(`\n${name}: ${kind.what}`)
    if (kind.absent) console.log(`skipped: ${kind.absent}`)
    else if (!(await tryOne(name))) failed.push(name)
  }
  if (failed.length > 0) console.log(`\nFAILED: ${failed.join(', ')}. The work again: --seed ${values.seed}`)
  return failed.length === 0 ? 0 : 1
}

async function tryOne(name: string): Promise<boolean> {
  const kind = kinds[name]
  if (!kind) return false
  const zero = now()
  const outcome = await runRedis({
    ...{ start: kind.start, program: kind.program },
    faults: values.faults === undefined ? kind.faults : Number(values.faults),
    pause: Number(values.pause),
    seed: Number(values.seed),
    workers: Number(values.workers),
    say: (line) => console.log(line),
  })
  for (const line of tellRedis(outcome)) console.log(line)
  for (const { kind: what, message } of outcome.problems) console.log(`${what}: ${message}`)
  const ids = new Set(outcome.problems.flatMap(({ deployment }) => deployment ?? []))
  for (const id of [...ids].slice(0, storiesTold)) {
    for (const line of tellStory(id, outcome, zero)) console.log(line)
  }
  return outcome.problems.length === 0
}
