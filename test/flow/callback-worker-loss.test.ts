import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import { eventually, type Fleet, startFleet } from '../fixtures/fleet.ts'
import { ownRedis } from '../fixtures/redis.ts'
import { asks, configOf, descriptionOf, tell } from '../fixtures/told.ts'
import { startDeployer } from '../worker/executors/request/server.ts'

const program = resolve('dist/bundle/worker.js')
const soon = { LEASE_SECONDS: '1', STALLED_SECONDS: '0.5' }

function startProcess(t: Test, fleet: Fleet, file: string): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    REDIS_URL: fleet.redis.url,
    GITHUB_TOKEN: fleet.sandbox.token,
    GITHUB_API_URL: fleet.sandbox.apiUrl,
    PUBLIC_URL: fleet.receiver.url,
    CONFIG_FILE: file,
    LOG_LEVEL: 'warn',
    ...soon,
  }
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return child
}

t.test('a worker that dies while it waits loses nothing', async (t) => {
  const { url: redisUrl } = await ownRedis(t)
  const deployer = await startDeployer(t, [{ status: 202 }])
  const config = configOf(deployer.url)
  const fleet = await startFleet(t, {
    workers: 0,
    config,
    redis: { url: redisUrl },
    settings: soon,
  })
  const file = join(t.testdir({}), 'livraison.yml')
  writeFileSync(file, config)

  t.test('told while nobody waits: it ends so, and is not called again', async (t) => {
    const lost = startProcess(t, fleet, file)
    const { id, url } = await asks(fleet, deployer.asked)
    lost.kill('SIGKILL')
    await once(lost, 'exit')
    t.equal((await tell(url, { state: 'success', description: 'Done meanwhile.' })).status, 202)
    const next = startProcess(t, fleet, file)
    t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
    t.equal(descriptionOf(fleet, id), 'Done meanwhile.')
    t.equal(deployer.asked.length, 1)
    next.kill('SIGKILL')
  })

  t.test('told after it is called again: the same call, the same address, one end', async (t) => {
    const lost = startProcess(t, fleet, file)
    const { id, url } = await asks(fleet, deployer.asked)
    lost.kill('SIGKILL')
    await once(lost, 'exit')
    startProcess(t, fleet, file)
    await eventually(() => deployer.asked.length === 3, 'it is called again')
    const [first, again] = deployer.asked.slice(1)
    t.equal(again?.body, first?.body)
    t.equal(again?.headers['idempotency-key'], first?.headers['idempotency-key'])
    t.equal((await tell(url, { state: 'failure', description: 'The disk is full.' })).status, 202)
    t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'failure'])
    t.equal(descriptionOf(fleet, id), 'The disk is full.')
  })
})
