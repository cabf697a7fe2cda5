// This version and the release before it, side by side on one Redis, as while an installation is upgraded.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { freePort } from '../../scripts/free-port.ts'
import { testSecret } from '../fixtures/deliveries.ts'
import { eventually, type Fleet, shop } from '../fixtures/fleet.ts'
import { buildPrevious, previousIsAbsent } from '../fixtures/previous-release.ts'
import { startAlone, startProcess } from '../fixtures/worker-process.ts'

t.setTimeout(240_000)

/** A repository whose webhook leads to the receiver of the release before. */
const blog = 'acme/blog'
const inOrder = ['pending', 'in_progress', 'success']
const skip = previousIsAbsent()

/** Starts the receiver of another build as a process; gives where it listens. */
async function startServer(t: Test, home: string, { redis, sandbox }: Fleet): Promise<string> {
  const port = await freePort()
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    REDIS_URL: redis.url,
    GITHUB_SERVER_URL: sandbox.url,
    GITHUB_API_URL: sandbox.apiUrl,
    GITHUB_WEBHOOK_SECRET: testSecret,
    LOG_LEVEL: 'warn',
  }
  const child = spawn(process.execPath, [join(home, 'dist/bundle/server.js')], {
    ...{ cwd: t.testdir({}), env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await eventually(isReady, 'the receiver of the release before is there', 60_000)
  return url
}

/** Merges a pull request, and gives the id of its deployment. */
async function merge({ sandbox }: Fleet, repository: string): Promise<number> {
  const before = sandbox.deployments(repository).length
  const { number } = await sandbox.openPullRequest(repository)
  await sandbox.mergePullRequest(repository, number)
  const made = () => sandbox.deployments(repository)[before]
  const { id } = await sandbox.whenever(made, { what: `a deployment of ${repository}`, timeoutMs: 30_000 })
  return id
}

/** Waits until a deployment is over and gives all its states. */
async function statesOf({ sandbox }: Fleet, repository: string, id: number): Promise<string[]> {
  const states = () =>
    sandbox
      .deployments(repository)
      .find((each) => each.id === id)
      ?.statuses.map(({ state }) => state) ?? []
  const isOver = () => states().some((state) => ['success', 'failure', 'error', 'inactive'].includes(state))
  await sandbox.whenever(isOver, { what: `the end of #${id} of ${repository}`, timeoutMs: 60_000 })
  return states()
}

t.test('this version and the one before it work together', { skip }, async (t) => {
  const home = await buildPrevious(t)
  const settings = { SIMULATED_WORK_SECONDS: '0.2', DRAIN_SECONDS: '20', STALLED_SECONDS: '2' }
  const fleet = await startAlone(t, { settings })
  const { sandbox } = fleet
  const before = await startServer(t, home, fleet)
  await sandbox.createRepository({ owner: 'acme', name: 'blog' })
  await sandbox.createHook(blog, { url: `${before}/event_handler`, secret: testSecret, contentType: 'json' })

  await t.test('its receiver, our worker', async (t) => {
    const worker = startProcess(t, fleet, settings)
    t.same(await statesOf(fleet, blog, await merge(fleet, blog)), inOrder)
    worker.kill('SIGTERM')
    await once(worker, 'exit')
  })

  await t.test('our receiver, its worker', async (t) => {
    const worker = startProcess(t, fleet, settings, join(home, 'dist/bundle/worker.js'))
    t.same(await statesOf(fleet, shop, await merge(fleet, shop)), inOrder)
    worker.kill('SIGTERM')
    await once(worker, 'exit')
  })

  await t.test('all of them, while its worker is replaced by ours', async (t) => {
    const old = startProcess(t, fleet, settings, join(home, 'dist/bundle/worker.js'))
    const mergeBoth = async () => {
      const made = await Promise.all(
        [shop, blog].map(async (each) => [each, await merge(fleet, each)] as const),
      )
      for (const [repository, id] of made) t.same(await statesOf(fleet, repository, id), inOrder, `#${id}`)
    }
    await mergeBoth()
    startProcess(t, fleet, settings)
    await mergeBoth()
    const round = mergeBoth()
    old.kill('SIGTERM')
    await Promise.all([round, once(old, 'exit')])
    await mergeBoth()
    t.equal(sandbox.deployments(shop).length, 5, 'none was made twice')
    t.equal(sandbox.deployments(blog).length, 5)
  })
})
