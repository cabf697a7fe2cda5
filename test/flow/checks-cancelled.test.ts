// Checks that nobody waits for any more end, wherever they run.
import t from 'tap'
import {
  finalStates,
  idOf,
  logOf,
  longCommand,
  oneCheck,
  states,
  statuses,
  stillRuns,
} from '../fixtures/checks.ts'
import { eventually, shop, startFleet } from '../fixtures/fleet.ts'

t.test('a push in the middle ends the run of the old head, and checks the new one', async (t) => {
  const command = longCommand(t)
  const run = `if [ -e changes/new ]; then exit 0; fi; ${command.run}`
  const fleet = await startFleet(t, { config: oneCheck(run), workers: 2 })
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
  const fleet = await startFleet(t, { config: oneCheck(command.run), settings: { CHECK_CONCURRENCY: '1' } })
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
  const fleet = await startFleet(t, { config: oneCheck(command.run), workers: 2 })
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

t.test('one commit of two pull requests is one check, which ends when neither waits for it', async (t) => {
  const command = longCommand(t)
  const fleet = await startFleet(t, { config: oneCheck(command.run), workers: 2 })
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
