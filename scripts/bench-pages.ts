// npm run bench:pages: how long pages and the API take with a large record, and what live pages cost while nothing happens.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { gitHubComPrefix } from '../src/redis/key-prefix.ts'
import { fill } from './bench/fill.ts'
import { cpuShare, follow, type Measured, measure } from './bench/measure.ts'
import { pathsToMeasure } from './bench/paths.ts'
import { startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { startRedis } from './private-redis.ts'
import { createUndo } from './undo.ts'

/** What the median of an answer may take, and what share of a processor idle live pages may cost. */
const goalMs = 100
const goalShare = 0.01
const followers = 20

const { values } = parseArgs({
  options: {
    environments: { type: 'string', default: '500' },
    deployments: { type: 'string', default: '20000' },
    times: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '5' },
  },
})

const undo = createUndo()
try {
  process.exitCode = (await main()) ? 0 : 1
} finally {
  await undo.all()
}

async function main(): Promise<boolean> {
  const own = await startRedis({ persistent: false })
  undo.push(own.close)
  const redis = new Redis(own.url)
  undo.push(() => redis.disconnect())
  const [environments, deployments] = [Number(values.environments), Number(values.deployments)]
  const filled = await fill(redis, gitHubComPrefix, {
    environments,
    deployments,
    days: 90,
    seed: 1,
    now: Date.now(),
  })
  const memory = /used_memory_human:(\S+)/.exec(await redis.info('memory'))?.[1]
  console.log(`${environments} environments, ${deployments} deployments; Redis holds ${memory}.\n`)

  const token = randomBytes(24).toString('hex')
  const headers = { authorization: `Bearer ${token}` }
  const { url, pid } = await startReceiver(own.url, token)
  let isGood = true
  const absent: string[] = []
  tellRow('', ['median', 'p99', 'processor', 'size'], 'goal (median)')
  for (const { name, path } of pathsToMeasure(filled)) {
    const found = await measure(path, { url, headers, pid, times: Number(values.times) })
    if (found.failed.has(404)) {
      absent.push(name)
      continue
    }
    isGood = tellMeasured(name, found) && isGood
  }
  if (absent.length > 0) console.log(`\nNot there, so not measured: ${absent.join(', ')}.`)
  return (await measureFollowers(url, pid, headers)) && isGood
}

/** The real receiver, in a folder without a configuration file. */
async function startReceiver(redisUrl: string, token: string): Promise<{ url: string; pid: number }> {
  const cwd = mkdtempSync(join(tmpdir(), 'livraison-bench-'))
  undo.push(() => rmSync(cwd, { recursive: true, force: true }))
  const port = await freePort()
  const receiver = startChild({
    name: 'receiver',
    file: fileURLToPath(new URL('../bundle/server.js', import.meta.url)),
    env: {
      PATH: process.env.PATH,
      REDIS_URL: redisUrl,
      PORT: String(port),
      GITHUB_WEBHOOK_SECRET: 'nobody calls',
      ADMIN_TOKEN: token,
      // It asks more often than anybody may.
      API_REQUESTS_PER_MINUTE: '1000000',
      LOG_LEVEL: 'warn',
    },
    cwd,
    onLine: (line) => console.error(line),
  })
  undo.push(receiver.stop)
  const url = `http://127.0.0.1:${port}`
  const limit = AbortSignal.timeout(30_000)
  while ((await fetch(`${url}/readyz`).catch(() => undefined))?.status !== 200) {
    limit.throwIfAborted()
    await sleep(50)
  }
  return { url, pid: receiver.pid }
}

function tellMeasured(name: string, { medianMs, p99Ms, cpuMs, bytes, failed }: Measured): boolean {
  const isGood = medianMs < goalMs && failed.size === 0
  const wrong = [...failed].map(([status, times]) => `${times} answers of ${status}`).join(', ')
  const goal = failed.size > 0 ? wrong : isGood ? `< ${goalMs} ms` : `MISSED: < ${goalMs} ms`
  const size = `${(bytes / 1024).toFixed(0)} KiB`
  tellRow(name, [...[medianMs, p99Ms, cpuMs].map(inMs), size], goal)
  return isGood
}

function inMs(ms: number | undefined): string {
  return ms === undefined ? '' : `${ms.toFixed(1)} ms`
}

function tellRow(name: string, cells: string[], goal: string): void {
  console.log(`${name.padEnd(30)}${cells.map((cell) => cell.padStart(11)).join('')}   ${goal}`)
}

/** Live pages are to cost nothing measurable while nothing happens. */
async function measureFollowers(url: string, pid: number, headers: Record<string, string>): Promise<boolean> {
  const seconds = Number(values.seconds)
  const leave = await follow(url, headers, followers)
  if (leave === undefined) {
    console.log('\nThere is no /api/events, so nobody follows.')
    return true
  }
  // What came with them is not what they cost.
  await sleep(500)
  const share = await cpuShare(pid, seconds)
  leave()
  if (share === undefined) {
    console.log('\nThis system does not tell what a process uses: what followers cost is not measured.')
    return true
  }
  const isGood = share < goalShare
  const goal = isGood ? `< ${goalShare * 100} %` : `MISSED: < ${goalShare * 100} %`
  console.log(
    `\n${followers} followers, while nothing happens: ${(share * 100).toFixed(2)} % of a processor   ${goal}`,
  )
  return isGood
}
