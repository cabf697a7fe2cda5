// npm run screenshots: fills a Redis of its own with deployments, and takes the pictures in docs/images/ that the README shows.
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { chromium, type Page } from 'playwright-core'
import { deploymentKeys } from '../src/deployments/keys.ts'
import { openLogs } from '../src/deployments/log.ts'
import { fullName } from '../src/jobs/job.ts'
import { openComparisonMemory } from '../src/overview/comparison-memory.ts'
import { gitHubComPrefix } from '../src/redis/key-prefix.ts'
import { type Filled, fill } from './bench/fill.ts'
import type { ToldDeployment } from './bench/story.ts'
import { startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { startRedis } from './private-redis.ts'
import { commits, logOf, toCommit } from './screenshots/log.ts'
import { findTestProgram } from './setup/test-programs.mjs'
import { createUndo } from './undo.ts'

const mostBytes = 150_000
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url))
const server = fileURLToPath(new URL('../src/server.js', import.meta.url))

const undo = createUndo()
try {
  process.exitCode = (await main()) ? 0 : 1
} finally {
  await undo.all()
}

async function main(): Promise<boolean> {
  const browser = findTestProgram('chromium')
  if (browser === undefined) {
    console.error('There is no Chromium here: npm run setup -- --for-tests installs one (Debian, Ubuntu).')
    return false
  }
  const own = await startRedis({ persistent: false })
  undo.push(own.close)
  const redis = new Redis(own.url)
  undo.push(() => redis.disconnect())
  const filled = await fill(redis, gitHubComPrefix, {
    environments: 14,
    deployments: 2600,
    days: 90,
    // In this story something fails, runs, waits and is good on the first screen.
    seed: 1705,
    now: Date.now(),
  })
  const failed = await tellOfFailure(redis, filled)
  const token = randomBytes(24).toString('hex')
  const url = await startReceiver(own.url, token)
  await lockOne(url, token, filled)
  return takeAll(browser, url, token, {
    grid: { path: '/', height: 780 },
    deployment: { path: `/deployments/${fullName(failed.lane.repository)}/${failed.id}`, height: 740 },
    figures: { path: '/figures?days=90', height: 970 },
  })
}

/** The newest deployment to production that failed gets a log as tools would write it, and the commits that came with it. */
async function tellOfFailure(redis: Redis, { deployments }: Filled): Promise<ToldDeployment> {
  const failed = deployments.findLast(({ state, lane }) => state === 'failure' && lane.production)
  if (!failed) throw new Error('Nothing has failed in this story: take another seed.')
  const keys = deploymentKeys(gitHubComPrefix)
  await redis.del(keys.log(failed.id))
  await openLogs(redis, keys).append(failed.id, logOf(failed))
  const before = deployments.findLast(
    ({ id, lane, state }) => id < failed.id && lane === failed.lane && state === 'success',
  )
  if (before) {
    const { id: repositoryId } = failed.lane.repository
    const between = { ahead: commits.length, behind: 0, commits: commits.map(toCommit) }
    await openComparisonMemory(redis, gitHubComPrefix).write(
      { repositoryId, base: before.sha, head: failed.sha },
      between,
    )
  }
  return failed
}

async function lockOne(url: string, token: string, { lanes }: Filled): Promise<void> {
  const lane = lanes.find(({ environment }) => environment === 'preview')
  if (!lane) return
  const { owner, name } = lane.repository
  const answer = await fetch(`${url}/api/locks/${owner}/${name}/${lane.environment}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'Ada moves the database', expires: '2h' }),
  })
  if (!answer.ok) throw new Error(`The lock was refused: ${await answer.text()}`)
}

async function startReceiver(redisUrl: string, token: string): Promise<string> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  // Elsewhere than here, where somebody's livraison.yml may be.
  const cwd = mkdtempSync(join(tmpdir(), 'livraison-screenshots-'))
  undo.push(() => rmSync(cwd, { recursive: true, force: true }))
  const child = startChild({
    name: 'receiver',
    file: server,
    cwd,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      REDIS_URL: redisUrl,
      ADMIN_TOKEN: token,
      GITHUB_WEBHOOK_SECRET: 'unused',
      LOG_LEVEL: 'warn',
    },
    onLine: (line) => console.error(line),
  })
  undo.push(child.stop)
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return url
    await Promise.race([
      sleep(25),
      child.ended.then((how) => Promise.reject(new Error(`The receiver ended: ${how}`))),
    ])
  }
}

async function takeAll(
  executablePath: string,
  url: string,
  token: string,
  pictures: Record<string, { path: string; height: number }>,
): Promise<boolean> {
  const args = ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  const browser = await chromium.launch({ executablePath, args })
  undo.push(() => browser.close())
  const page = await browser.newPage({
    colorScheme: 'light',
    timezoneId: 'UTC',
    locale: 'en-GB',
  })
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('Admin token').fill(token)
  await page.getByRole('button', { name: 'Sign in with the token' }).click()
  await page.waitForURL(`${url}/`)
  mkdirSync(images, { recursive: true })
  let isSmall = true
  for (const [name, { path, height }] of Object.entries(pictures)) {
    await page.setViewportSize({ width: 1280, height })
    const bytes = await take(page, `${url}${path}`, join(images, `${name}.png`))
    isSmall &&= bytes <= mostBytes
    console.log(
      `docs/images/${name}.png  ${Math.round(bytes / 1000)} kB${bytes > mostBytes ? ': too large' : ''}`,
    )
  }
  return isSmall
}

/** Takes a picture of what a window shows, and gives its size. */
async function take(page: Page, address: string, file: string): Promise<number> {
  await page.goto(address)
  await page.locator('h1').waitFor()
  writeFileSync(file, await page.screenshot({ animations: 'disabled' }))
  return statSync(file).size
}
