// Checks of pull requests, from the pull request to the commit status, with real git, commands and workers.

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { checkIdOf } from '../../src/checks/id.ts'
import { eventually, type Fleet, type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'
import { testAdminToken } from '../fixtures/receiver.ts'

const createStatus = 'repos/create-commit-status'
const context = 'livraison/test'

/** The text of livraison.yml with these checks of acme/shop. */
function checks(...list: object[]): string {
  return JSON.stringify({ repositories: { [shop]: { checks: list } } })
}

const oneCheck = (run: string, more: object = {}) => checks({ context, run, ...more })

function start(t: Test, config: string, options: FleetOptions = {}): Promise<Fleet> {
  return startFleet(t, { config, ...options })
}

/** What GitHub was told of a commit, oldest first. */
function statuses({ sandbox }: Fleet, sha: string, of = context) {
  return sandbox
    .repository(shop)
    .statuses.filter((status) => status.sha === sha && status.context === of)
    .map(({ state, description, targetUrl }) => ({ state, description, targetUrl }))
}

const states = (fleet: Fleet, sha: string, of = context) => statuses(fleet, sha, of).map(({ state }) => state)

/** Waits until a check has ended and gives all its states. */
async function finalStates(fleet: Fleet, sha: string, of = context): Promise<string[]> {
  const isOver = () => states(fleet, sha, of).some((state) => state !== 'pending')
  await fleet.sandbox.whenever(isOver, { what: `the end of ${of}`, timeoutMs: 15_000 })
  return states(fleet, sha, of)
}

const idOf = ({ sandbox }: Fleet, sha: string, of = context) =>
  checkIdOf(sandbox.repository(shop).id, sha, of)

/** Waits until nothing is left to do about any check. */
const isClosed = ({ store, redis }: Fleet) =>
  eventually(async () => (await store.scard(`${redis.prefix}:open-checks`)) === 0, 'all checks are closed')

async function logOf(fleet: Fleet, sha: string, of = context): Promise<string> {
  const answer = await fetch(`${fleet.receiver.url}/api/checks/${shop}/${idOf(fleet, sha, of)}/log`, {
    headers: { authorization: `Bearer ${testAdminToken}` },
  })
  return answer.text()
}

const recordOf = async (fleet: Fleet, sha: string) =>
  (await fleet.receiver.api(`/checks/${shop}/${idOf(fleet, sha)}`)).body

/** A command that says that it runs, and its process id, in a file, and then goes on for longer than any test. */
function longCommand(t: Test) {
  const file = join(tmpdir(), `livraison-check-${randomUUID()}`)
  const read = () => readFile(file, 'utf8').catch(() => '')
  t.teardown(async () => {
    for (const pid of (await read()).trim().split('\n').filter(Boolean))
      stillRuns(pid) && process.kill(Number(pid), 'SIGKILL')
  })
  return {
    run: `echo $$ >> ${file}; echo running; sleep 600 & wait`,
    /** The process ids of its runs so far. */
    pids: async () => (await read()).trim().split('\n').filter(Boolean),
  }
}

function stillRuns(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}

t.test('a pull request is checked: pending, then success, with the log of the command', async (t) => {
  const run =
    'git rev-parse HEAD; echo "$REF into $BASE, #$PULL_REQUEST of $REPOSITORY"; echo "$GREETING"; env'
  const fleet = await start(t, oneCheck(run, { env: { GREETING: 'Hello!' } }))
  const { head, number } = await fleet.sandbox.openPullRequest(shop, { branch: 'mend-the-cart' })
  t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
  const [, last] = statuses(fleet, head.sha)
  t.match(last?.description, /^Passed in 0\.\d s\.$/)
  t.ok(last?.targetUrl?.endsWith(`/api/checks/${shop}/${idOf(fleet, head.sha)}/log`))
  const log = await logOf(fleet, head.sha)
  for (const line of [head.sha, `mend-the-cart into main, #${number} of ${shop}`, 'Hello!']) {
    t.ok(log.split('\n').includes(line), line)
  }
  t.notMatch(log, fleet.sandbox.token, 'it is given no secret of ours')
  t.match(await recordOf(fleet, head.sha), {
    ...{ context, pullRequest: number, state: 'success', repository: shop, run: 1, cancelled: false },
    ...{ fork: false, unreportable: null, worker: String, finishedAt: String },
  })
  t.same(fleet.sandbox.violations, [])
})

t.test('a command that fails is a failure, with its last words', async (t) => {
  const fleet = await start(t, oneCheck('echo 3 tests failed >&2; exit 2'))
  const { head } = await fleet.sandbox.openPullRequest(shop)
  t.same(await finalStates(fleet, head.sha), ['pending', 'failure'])
  t.equal(statuses(fleet, head.sha).at(-1)?.description, 'Exit status 2: 3 tests failed')
})

t.test('a command that takes too long is stopped, and is a failure', async (t) => {
  const fleet = await start(t, oneCheck('echo begun; sleep 600', { timeout: '1s' }))
  const { head } = await fleet.sandbox.openPullRequest(shop)
  t.same(await finalStates(fleet, head.sha), ['pending', 'failure'])
  t.equal(statuses(fleet, head.sha).at(-1)?.description, 'Stopped after 1 s, its time limit: begun')
})

t.test('what cannot be checked out is an error', async (t) => {
  const fleet = await start(t, oneCheck('true'))
  fleet.sandbox.faults.add({ operation: 'git', answer: { status: 500 } })
  const { head } = await fleet.sandbox.openPullRequest(shop)
  t.same(await finalStates(fleet, head.sha), ['pending', 'error'])
  t.match(
    statuses(fleet, head.sha).at(-1)?.description,
    /^It could not be run: Could not check out acme\/shop at /,
  )
})

t.test('a push in the middle ends the run of the old head, and checks the new one', async (t) => {
  const command = longCommand(t)
  const run = `if [ -e changes/new ]; then exit 0; fi; ${command.run}`
  const fleet = await start(t, oneCheck(run))
  const { sandbox } = fleet
  const pull = await sandbox.openPullRequest(shop, { branch: 'topic' })
  const old = pull.head.sha
  const [pid = ''] = await eventually(
    async () => ((await command.pids()).length > 0 ? command.pids() : undefined),
    'it runs',
  )
  const pushedAt = Date.now()
  const fresh = await sandbox.push(shop, { branch: 'topic', files: { 'changes/new': 'new' } })
  t.same(await finalStates(fleet, old), ['pending', 'error'])
  t.equal(statuses(fleet, old).at(-1)?.description, 'Cancelled: a newer commit was pushed.')
  await eventually(() => !stillRuns(pid), 'its processes have ended')
  t.ok(Date.now() - pushedAt < 5000)
  t.same(await finalStates(fleet, fresh), ['pending', 'success'])
  t.same(states(fleet, old), ['pending', 'error'])
})

t.test('one that waits for its turn when its head is replaced never runs', async (t) => {
  const command = longCommand(t)
  const fleet = await start(t, oneCheck(command.run), { settings: { CHECK_CONCURRENCY: '1' } })
  const { sandbox } = fleet
  await sandbox.openPullRequest(shop)
  await eventually(async () => (await command.pids()).length === 1, 'the first runs')
  const { head } = await sandbox.openPullRequest(shop, { branch: 'topic' })
  const old = head.sha
  await sandbox.whenever(() => states(fleet, old).length === 1, { what: 'the second is pending' })
  await sandbox.push(shop, { branch: 'topic' })
  t.same(await finalStates(fleet, old), ['pending', 'error'])
  t.equal(await logOf(fleet, old), '')
  t.equal((await command.pids()).length, 1)
})

t.test('closing a pull request ends its checks; opening it again runs them again', async (t) => {
  const command = longCommand(t)
  const fleet = await start(t, oneCheck(command.run))
  const { sandbox } = fleet
  const { head, number } = await sandbox.openPullRequest(shop)
  await eventually(async () => (await command.pids()).length === 1, 'it runs')
  await sandbox.closePullRequest(shop, number)
  t.same(await finalStates(fleet, head.sha), ['pending', 'error'])
  t.equal(statuses(fleet, head.sha).at(-1)?.description, 'Cancelled: the pull request was closed.')
  const [pid = ''] = await command.pids()
  await eventually(() => !stillRuns(pid), 'its processes have ended')

  fleet.rules.put(oneCheck('true'))
  await sandbox.reopenPullRequest(shop, number)
  await sandbox.whenever(() => states(fleet, head.sha).length === 4, { what: 'it has run again' })
  t.same(states(fleet, head.sha), ['pending', 'error', 'pending', 'success'])
})

t.test(
  'a check that has ended is not run again when its pull request is opened again, or the event comes again',
  async (t) => {
    const fleet = await start(t, oneCheck('true'))
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
  const fleet = await start(t, oneCheck('true'))
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

t.test('a pull request from a fork is refused, with the reason, unless forks are allowed', async (t) => {
  const fleet = await start(t, oneCheck('cat changes/*', { forks: false }))
  const { sandbox, receiver } = fleet
  const refused = await sandbox.openPullRequest(shop, { fork: true, user: 'stranger' })
  const trace = await eventually(async () => {
    const { body } = await receiver.api('/deliveries?event=pull_request')
    return (body.deliveries as Record<string, unknown>[])[0]
  }, 'the delivery is traced')
  t.match(trace, { outcome: 'ignored', reason: /from a fork, and no check of acme\/shop may run on those/ })
  t.same(states(fleet, refused.head.sha), [])

  fleet.rules.put(oneCheck('cat changes/*; env', { forks: true }))
  const allowed = await sandbox.openPullRequest(shop, { fork: true, user: 'stranger', message: 'from afar' })
  t.same(await finalStates(fleet, allowed.head.sha), ['pending', 'success'])
  const log = await logOf(fleet, allowed.head.sha)
  t.match(log, /from afar/)
  t.match(log, /^FORK=true$/m)
})

t.test('names are only ever text: of branches, of people, of checks', async (t) => {
  const names = ['a/b: c d%2F', 'a/b: c d/', '$(touch pwned)', '"; é 🚀']
  const fleet = await start(t, checks(...names.map((context) => ({ context, run: 'echo "<$REF>"; ls' }))))
  const branch = ['a$(touch$', '{IFS}pwned);echo\'"&|'].join('')
  const { head } = await fleet.sandbox.openPullRequest(shop, {
    branch,
    title: '`touch pwned`',
    files: { x: 'y' },
  })
  for (const name of names) {
    t.same(await finalStates(fleet, head.sha, name), ['pending', 'success'], name)
    const log = await logOf(fleet, head.sha, name)
    t.ok(log.includes(`<${branch}>`))
    t.notMatch(log, /^pwned$/m)
  }
})

t.test('an outage of GitHub while it is reported repeats neither the work nor a status', async (t) => {
  const file = join(tmpdir(), `livraison-check-${randomUUID()}`)
  const fleet = await start(t, oneCheck(`echo once >> ${file}`))
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

t.test('a check whose statuses GitHub refuses ends, and is not run', async (t) => {
  const fleet = await start(t, oneCheck('true'))
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
})

t.test('one commit of two pull requests is one check, which ends when neither waits for it', async (t) => {
  const command = longCommand(t)
  const fleet = await start(t, oneCheck(command.run))
  const { sandbox } = fleet
  await sandbox.push(shop, { branch: 'release' })
  const one = await sandbox.openPullRequest(shop, { branch: 'topic', files: { x: 'y' } })
  await eventually(async () => (await command.pids()).length === 1, 'it runs')
  const answer = await fetch(`${sandbox.apiUrl}/repos/${shop}/pulls`, {
    method: 'POST',
    headers: {
      authorization: `token ${sandbox.token}`,
      'user-agent': 'test',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ title: 'The same', head: 'topic', base: 'release' }),
  })
  t.equal(answer.status, 201)
  const { number } = (await answer.json()) as { number: number }
  const wishes = `${fleet.redis.prefix}:check:${idOf(fleet, one.head.sha)}:wishes`
  await eventually(async () => (await fleet.store.hlen(wishes)) === 2, 'both want it')
  await sandbox.closePullRequest(shop, one.number)
  await eventually(async () => (await fleet.store.hlen(wishes)) === 1, 'one wants it')
  t.same(states(fleet, one.head.sha), ['pending'])
  await sandbox.closePullRequest(shop, number)
  t.same(await finalStates(fleet, one.head.sha), ['pending', 'error'])
  t.equal((await command.pids()).length, 1)
})

t.test('a worker that ends hands its check over', async (t) => {
  const command = longCommand(t)
  const fleet = await start(t, oneCheck(command.run), { workers: 0 })
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
