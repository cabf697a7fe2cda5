// npm run bench:keys: what is in a Redis, by the kinds of keys of docs/redis.md: how many, and how much memory they take.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createLogger } from '../src/log/log.ts'
import { connectPatiently, type Redis } from '../src/redis/redis.ts'
import { documentedKeys, rowOf } from './redis/documented-keys.ts'

const usage = `npm run bench:keys -- --redis redis://127.0.0.1:6379

  --redis URL    one server (REDIS_URL); of a Cluster, the one that has our slot`

/** So many keys of a kind are weighed; the others weigh as much on average. */
const weighed = 1000
const scanned = 1000
/** The prefix of GitHub.com's keys, or of another GitHub's. */
const ours = /^\{livraison(:[^}]+)?\}:/

interface Kind {
  many: number
  bytes: number[]
}

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    redis: { type: 'string', default: process.env.REDIS_URL ?? '' },
  },
})
if (values.help || values.redis === '') console.log(usage)
else process.exitCode = await main(values.redis)

async function main(url: string): Promise<number> {
  const redis = connectPatiently(url, createLogger('silent', 'bench'))
  try {
    const kinds = await count(redis)
    const rows = [...kinds].map(([pattern, { many, bytes }]) => {
      const average = bytes.reduce((sum, each) => sum + each, 0) / Math.max(1, bytes.length)
      return { pattern, many, average, total: average * many }
    })
    console.log(
      `${'kind'.padEnd(48)} ${'keys'.padStart(10)} ${'bytes each'.padStart(11)} ${'MB'.padStart(9)}`,
    )
    for (const { pattern, many, average, total } of rows.sort((a, b) => b.total - a.total)) {
      const figures = [many.toLocaleString('en').padStart(10), average.toFixed(0).padStart(11), mb(total)]
      console.log(`${pattern.padEnd(48)} ${figures.join(' ')}`)
    }
    const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
    console.log(`used_memory ${mb(used).trim()} MB`)
    return 0
  } finally {
    redis.disconnect()
  }
}

async function count(redis: Redis): Promise<Map<string, Kind>> {
  const known = documentedKeys(readFileSync('docs/redis.md', 'utf8'))
  const kinds = new Map<string, Kind>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', scanned)
    cursor = next
    await Promise.all(
      keys.map(async (key) => {
        const [prefix = ''] = ours.exec(key) ?? []
        const row = prefix === '' ? undefined : rowOf(known, key.slice(prefix.length))
        const name = row?.pattern ?? `(unknown) ${key.slice(0, 30)}`
        const kind = kinds.get(name) ?? { many: 0, bytes: [] }
        kinds.set(name, kind)
        kind.many += 1
        if (kind.many <= weighed) kind.bytes.push(Number(await redis.memory('USAGE', key)))
      }),
    )
  } while (cursor !== '0')
  return kinds
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(2).padStart(9)
}
