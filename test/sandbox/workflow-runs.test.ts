import { RequestError } from '@octokit/request-error'
import { Octokit } from '@octokit/rest'
import t from 'tap'
import { describeGitHub } from '../../sandbox/description/description.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'

/** The status with which GitHub refuses something. */
async function refusal(asked: Promise<unknown>): Promise<number | undefined> {
  try {
    await asked
    return undefined
  } catch (error) {
    return error instanceof RequestError ? error.status : undefined
  }
}

t.test('runs of workflows answer as GitHub describes, and take what its guide allows', async (t) => {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  sandbox.protectEnvironment('acme/shop', 'production')
  const github = new Octokit({
    ...{ baseUrl: sandbox.apiUrl, auth: sandbox.token },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  })
  const wrong: string[] = []
  github.hook.after('request', (response, { method }) => {
    const operation = describeGitHub().match(method, new URL(response.url).pathname.replace('/api/v3', ''))
    const body = response.status === 204 ? undefined : response.data
    if (operation) wrong.push(...describeGitHub().problemsOfAnswer(operation, response.status, body))
  })
  const { id } = await sandbox.startWorkflow('acme/shop')
  const repo = { owner: 'acme', repo: 'shop' }
  const of = { ...repo, run_id: id }
  const { actions } = github.rest
  t.match((await actions.getWorkflowRun(of)).data, { id, status: 'waiting', run_attempt: 1 })
  t.match((await actions.listWorkflowRunsForRepo({ ...repo, status: 'waiting' })).data, { total_count: 1 })
  t.match((await actions.getPendingDeploymentsForRun(of)).data, [{ environment: { name: 'production' } }])
  const rules = await github.rest.repos.getAllDeploymentProtectionRules({
    ...repo,
    environment_name: 'production',
  })
  t.equal(rules.data.total_count, 1)
  const comment = (words: string, environment_name = 'production') =>
    actions.reviewCustomGatesForRun({ ...of, environment_name, comment: words })
  for (let count = 1; count <= 10; count++) await comment(`reason ${count}`)
  t.equal(await refusal(comment('reason 11')), 422, 'ten at most')
  t.equal(await refusal(comment('x'.repeat(1025))), 422, 'too long')
  t.equal(await refusal(comment('x', 'staging')), 422, 'it does not wait for that one')
  await actions.reviewCustomGatesForRun({ ...of, environment_name: 'production', state: 'approved' })
  t.match((await actions.getWorkflowRun(of)).data, { status: 'in_progress' })
  t.equal(await refusal(comment('late')), 422, 'it is decided')
  t.equal(await refusal(actions.getWorkflowRun({ ...of, run_id: 1 })), 404)
  t.same(wrong, [])
})
