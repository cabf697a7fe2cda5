// Checks of pull requests, from the pull request to the commit status, with real git, commands and workers.
import t from 'tap'
import {
  checks,
  context,
  finalStates,
  idOf,
  logOf,
  oneCheck,
  recordOf,
  states,
  statuses,
} from '../fixtures/checks.ts'
import { eventually, shop, startFleet } from '../fixtures/fleet.ts'

t.test('a pull request is checked: pending, then success, with the log of the command', async (t) => {
  const run =
    'git rev-parse HEAD; echo "$REF into $BASE, #$PULL_REQUEST of $REPOSITORY"; echo "$GREETING"; env'
  const fleet = await startFleet(t, { config: oneCheck(run, { env: { GREETING: 'Hello!' } }) })
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
  const fleet = await startFleet(t, { config: oneCheck('echo 3 tests failed >&2; exit 2') })
  const { head } = await fleet.sandbox.openPullRequest(shop)
  t.same(await finalStates(fleet, head.sha), ['pending', 'failure'])
  t.equal(statuses(fleet, head.sha).at(-1)?.description, 'Exit status 2: 3 tests failed')
})

t.test('a command that takes too long is stopped, and is a failure', async (t) => {
  const fleet = await startFleet(t, { config: oneCheck('echo begun; sleep 600', { timeout: '1s' }) })
  const { head } = await fleet.sandbox.openPullRequest(shop)
  t.same(await finalStates(fleet, head.sha), ['pending', 'failure'])
  t.equal(statuses(fleet, head.sha).at(-1)?.description, 'Stopped after 1 s, its time limit: begun')
})

t.test('what cannot be checked out is an error', async (t) => {
  const fleet = await startFleet(t, { config: oneCheck('true') })
  fleet.sandbox.faults.add({ operation: 'git', answer: { status: 500 } })
  const { head } = await fleet.sandbox.openPullRequest(shop)
  t.same(await finalStates(fleet, head.sha), ['pending', 'error'])
  t.match(
    statuses(fleet, head.sha).at(-1)?.description,
    /^It could not be run: Could not check out acme\/shop at /,
  )
})

t.test('a pull request from a fork is refused, with the reason, unless forks are allowed', async (t) => {
  const fleet = await startFleet(t, { config: oneCheck('cat changes/*', { forks: false }) })
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
  const fleet = await startFleet(t, {
    config: checks(...names.map((context) => ({ context, run: 'echo "<$REF>"; ls' }))),
  })
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
