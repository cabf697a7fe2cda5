import t, { type Test } from 'tap'
import { judgeCi } from '../../../src/ci/judge.ts'
import { RetryLater } from '../../../src/errors/errors.ts'
import { tokenAuth } from '../../../src/github/auth.ts'
import { createGitHub } from '../../../src/github/client.ts'
import { readCi } from '../../../src/github/commits.ts'
import { GitHubRefusal } from '../../../src/github/failure.ts'
import { createLogger } from '../../../src/log/log.ts'
import { startGitHub } from '../../sandbox/github.ts'

const fullName = 'acme/shop'

async function start(t: Test) {
  const { sandbox } = await startGitHub(t)
  const github = createGitHub({
    auth: tokenAuth(sandbox.token),
    apiUrl: sandbox.apiUrl,
    log: createLogger('silent', 'worker'),
    pause: { check: async () => {}, begin: async () => {} },
  })
  const sha = sandbox.repository(fullName).branches.get('main') ?? ''
  const read = () => readCi(github, { id: 1, owner: 'acme', name: 'shop' }, sha)
  return { sandbox, sha, read }
}

t.test('a commit that has nothing', async (t) => {
  const { read, sandbox } = await start(t)
  t.same(await read(), { statuses: [], checkRuns: [] })
  t.same(sandbox.violations, [])
})

t.test('all pages are read: what failed may be on the last', async (t) => {
  const { sandbox, sha, read } = await start(t)
  await sandbox.createCommitStatus(fullName, sha, { state: 'failure', context: 'first' })
  await sandbox.createCheckRun(fullName, sha, { name: 'first', conclusion: 'timed_out' })
  for (let count = 0; count < 205; count++) {
    await sandbox.createCommitStatus(fullName, sha, { state: 'success', context: `ci/${count}` })
    await sandbox.createCheckRun(fullName, sha, { name: `run ${count}`, conclusion: 'success' })
  }
  const ci = await read()
  t.equal(ci.statuses.length, 206)
  t.equal(ci.checkRuns.length, 206)
  t.match(
    ci.checkRuns.find(({ name }) => name === 'first'),
    { app: '15368', status: 'completed' },
  )
  t.same(judgeCi({ ...ci, required: [], ownContexts: [] }), {
    verdict: 'red',
    failed: ['first (failure)', 'first (timed_out)'],
  })
  t.same(sandbox.violations, [])
})

t.test('a check that was run again is listed once', async (t) => {
  const { sandbox, sha, read } = await start(t)
  await sandbox.createCheckRun(fullName, sha, { name: 'build', conclusion: 'failure' })
  await sandbox.createCheckRun(fullName, sha, { name: 'build', conclusion: 'success' })
  t.match(await read(), { checkRuns: [{ name: 'build', conclusion: 'success' }] })
  t.equal((await read()).checkRuns.length, 1)
})

t.test('pages that are not complete are not taken for all there is', async (t) => {
  const { sandbox, read } = await start(t)
  const body = { total_count: 3, check_runs: [] }
  sandbox.faults.add({ operation: 'checks/list-for-ref', answer: { status: 200, body } })
  await t.rejects(
    read(),
    new RetryLater(`GitHub gave 0 of the 3 checks of ${(await shaOf(sandbox)).slice(0, 7)}.`),
  )
})

t.test('a token that may not read them', async (t) => {
  const { sandbox, read } = await start(t)
  sandbox.faults.add({
    operation: 'checks/list-for-ref',
    answer: { status: 403, body: { message: 'Resource not accessible by personal access token' } },
  })
  const error = await read().catch((error: unknown) => error)
  t.type(error, GitHubRefusal)
  t.match(error, { status: 403, message: /not accessible .* May the token read checks\?$/ })
})

async function shaOf(sandbox: Awaited<ReturnType<typeof start>>['sandbox']) {
  return sandbox.repository(fullName).branches.get('main') ?? ''
}
