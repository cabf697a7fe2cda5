// Checks are not run twice, and are reported once, whatever goes wrong.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import {
  checks,
  finalStates,
  isClosed,
  logOf,
  longCommand,
  oneCheck,
  recordOf,
  states,
  statuses,
  stillRuns,
} from '../fixtures/checks.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { ownRedis } from '../fixtures/redis.ts'

const createStatus = 'repos/create-commit-status'
const program = resolve('dist/bundle/worker.js')

/** A worker as a process of its own, with this configuration. */
function startProcess(t: Test, { sandbox, redis }: Fleet, config: string): ChildProcess {
  const directory = mkdtempSync(join(tmpdir(), 'livraison-check-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  writeFileSync(join(directory, 'livraison.yml'), config)
  const env = {
    PATH: process.env.PATH,
    REDIS_URL: redis.url,
    GITHUB_TOKEN: sandbox.token,
    GITHUB_API_URL: sandbox.apiUrl,
    GITHUB_SERVER_URL: sandbox.url,
    CONFIG_FILE: join(directory, 'livraison.yml'),
    CACHE_DIR: join(directory, 'cache'),
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

/** Short, so that a lost worker is noticed in about two seconds. */
const soon = { LEASE_SECONDS: '1', STALLED_SECONDS: '0.5', RECONCILE_SECONDS: '0' }

t.test(
  'a check that has ended is not run again when its pull request is opened again, or the event comes again',
  async (t) => {
    const fleet = await startFleet(t, { config: oneCheck('true') })
    const { sandbox, receiver } = fleet
    const { head, number } = await sandbox.openPullRequest(shop)
    t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
    const opened = sandbox.deliveries().find(({ action }) => action === 'opened')
    sandbox.redeliver(opened?.guid ?? '')
    await sandbox.closePullRequest(shop, number)
    await sandbox.reopenPullRequest(shop, number)
    await sandbox.whenever(() => sandbox.deliveries().every(({ status }) => status === 'OK'))
    await eventually(
      async () =>
        (
          await Promise.all([
            receiver.queues.events.getActiveCount(),
            receiver.queues.events.getWaitingCount(),
          ])
        ).every((count) => count === 0),
      'all is done',
    )
    t.same(states(fleet, head.sha), ['pending', 'success'])
  },
)

t.test('what Redis forgot and GitHub has is not run again', async (t) => {
  const fleet = await startFleet(t, { config: oneCheck('true') })
  const { sandbox, store, redis } = fleet
  const { head } = await sandbox.openPullRequest(shop)
  t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
  await isClosed(fleet)
  const keys = await store.keys(`${redis.prefix.replace(/[{}]/g, '?')}:*`)
  await store.del(keys.filter((key) => /check|asked|pull/.test(key)))
  const opened = sandbox.deliveries().find(({ action }) => action === 'opened')
  sandbox.redeliver(opened?.guid ?? '')
  const record = await eventually(async () => {
    const found = await recordOf(fleet, head.sha)
    return found.state === 'success' ? found : undefined
  }, 'its outcome is taken over')
  t.equal(record.startedAt, null)
  t.same(states(fleet, head.sha), ['pending', 'success'])
})

t.test('an outage of GitHub while it is reported repeats neither the work nor a status', async (t) => {
  const file = join(tmpdir(), `livraison-check-${randomUUID()}`)
  const fleet = await startFleet(t, { config: oneCheck(`echo once >> ${file}`) })
  const { sandbox } = fleet
  sandbox.faults.add({ operation: 'repos/list-commit-statuses-for-ref', times: 1, answer: { status: 502 } })
  sandbox.faults.add({ operation: createStatus, times: 1, answer: { status: 500 } })
  sandbox.faults.add({ operation: createStatus, times: 1, answer: 'reset-after' })
  sandbox.faults.add({ operation: createStatus, times: 1, answer: 'drop-after' })
  const { head } = await sandbox.openPullRequest(shop)
  t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
  await isClosed(fleet)
  t.same(states(fleet, head.sha), ['pending', 'success'])
  t.equal(await readFile(file, 'utf8'), 'once\n')
})

t.test(
  'a check whose statuses GitHub refuses ends without being run; once it may, the event can be sent again',
  async (t) => {
    const fleet = await startFleet(t, { config: oneCheck('true') })
    fleet.sandbox.faults.add({
      operation: createStatus,
      answer: { status: 403, body: { message: 'Resource not accessible by personal access token' } },
    })
    const { head } = await fleet.sandbox.openPullRequest(shop)
    const record = await eventually(async () => {
      const found = await recordOf(fleet, head.sha)
      return found.state === 'error' ? found : undefined
    }, 'it has ended')
    t.match(record, { unreportable: /not accessible/, startedAt: null })
    const { sandbox, receiver } = fleet
    await eventually(async () => (await receiver.queues.events.getFailedCount()) === 1, 'its job is given up')
    sandbox.faults.clear()
    sandbox.redeliver(sandbox.deliveries().find(({ action }) => action === 'opened')?.guid ?? '')
    t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
  },
)

t.test('a worker that ends hands its check over', async (t) => {
  const command = longCommand(t)
  const fleet = await startFleet(t, { config: oneCheck(command.run), workers: 0 })
  const ending = fleet.addWorker()
  const { head } = await fleet.sandbox.openPullRequest(shop)
  await eventually(async () => (await command.pids()).length === 1, 'it runs')
  await ending.close()
  t.same(states(fleet, head.sha), ['pending'])
  fleet.rules.put(oneCheck('echo done'))
  fleet.addWorker()
  t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
  t.match(await logOf(fleet, head.sha), /asked to end .* another begins it anew.*done/s)
})

t.test('a check whose worker is killed is run again by another, and ends once', async (t) => {
  const command = longCommand(t)
  const { url } = await ownRedis(t)
  const redis = { url }
  const fleet = await startFleet(t, { config: oneCheck(command.run), workers: 0, redis, settings: soon })
  const lost = startProcess(t, fleet, oneCheck(command.run))
  const { head } = await fleet.sandbox.openPullRequest(shop)
  await eventually(async () => (await command.pids()).length === 1, 'it runs')
  lost.kill('SIGKILL')
  fleet.rules.put(oneCheck('echo done'))
  fleet.addWorker()
  t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
  await isClosed(fleet)
  t.same(states(fleet, head.sha), ['pending', 'success'])
  const [pid = ''] = await command.pids()
  t.notOk(stillRuns(pid), 'nothing of the lost run is left')
})

t.test('a worker that was paused beyond its lease has no say any more', async (t) => {
  const command = longCommand(t)
  const { url } = await ownRedis(t)
  const redis = { url }
  const fleet = await startFleet(t, { config: oneCheck(command.run), workers: 0, redis, settings: soon })
  const paused = startProcess(t, fleet, oneCheck(command.run))
  const { head } = await fleet.sandbox.openPullRequest(shop)
  const [pid = ''] = await eventually(async () => {
    const found = await command.pids()
    return found.length > 0 ? found : undefined
  }, 'it runs')
  paused.kill('SIGSTOP')
  fleet.rules.put(oneCheck('echo done'))
  fleet.addWorker()
  t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
  paused.kill('SIGCONT')
  await eventually(() => !stillRuns(pid), 'its command is stopped')
  t.same(states(fleet, head.sha), ['pending', 'success'])
})

t.test('a check that is not configured any more ends as an error', async (t) => {
  const fleet = await startFleet(t, { config: oneCheck('true'), workers: 0 })
  const { head } = await fleet.sandbox.openPullRequest(shop)
  await eventually(async () => (await fleet.receiver.jobIds()).length > 0, 'it is queued')
  fleet.rules.put(checks())
  fleet.addWorker()
  t.same(await finalStates(fleet, head.sha), ['pending', 'error'])
  t.equal(
    statuses(fleet, head.sha).at(-1)?.description,
    'livraison/test is not a check of acme/shop in livraison.yml any more.',
  )
})
