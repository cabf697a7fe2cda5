import t from 'tap'
import { context, finalStates, longCommand, statuses, stillRuns } from '../fixtures/checks.ts'
import { eventually, type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'

/** The text of livraison.yml with one check, and a production that deploys merges. */
const config = (run: string) =>
  JSON.stringify({
    repositories: {
      [shop]: { checks: [{ context, run }], environments: { production: { simulate: '1ms' } } },
    },
  })

async function startQueue(t: Parameters<typeof startFleet>[0], options: FleetOptions) {
  const fleet = await startFleet(t, options)
  fleet.sandbox.protectBranch(shop, 'main', { ruleContexts: [context], mergeQueue: true })
  return fleet
}

t.test('the queue gets the checks of its commit, merges it, and that is deployed', async (t) => {
  const run =
    'case "$REF $BASE" in "gh-readonly-queue/main/pr-$PULL_REQUEST-"*" main") exit 0 ;; esac; exit 1'
  const { sandbox, ...fleet } = await startQueue(t, { config: config(run) })
  const all = { sandbox, ...fleet }
  const { number, head } = await sandbox.openPullRequest(shop, { branch: 'topic' })
  t.same(await finalStates(all, head.sha), ['pending', 'failure'], 'only the commit of the queue passes')
  const { headSha } = await sandbox.enqueuePullRequest(shop, number)
  t.same(await finalStates(all, headSha), ['pending', 'success'])
  await sandbox.whenever(() => sandbox.deployments(shop).length > 0, {
    what: 'a deployment',
    timeoutMs: 20_000,
  })
  const [deployment] = sandbox.deployments(shop)
  t.match(deployment, { sha: headSha, payload: { pull_request: number } })
  t.equal((await all.finalStates(deployment?.id ?? 0)).at(-1), 'success')
  t.match(sandbox.pullRequest(shop, number), { state: 'closed', mergeCommitSha: headSha })
  t.same(sandbox.violations, [])
})

t.test(
  'a commit that the queue drops is checked no more; the pull request keeps its own checks',
  async (t) => {
    const command = longCommand(t)
    const run = `case "$REF" in gh-readonly-queue/*) ${command.run} ;; esac`
    const fleet = await startQueue(t, { config: config(run) })
    const { sandbox } = fleet
    const { number, head } = await sandbox.openPullRequest(shop, { branch: 'topic' })
    t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
    const { headSha } = await sandbox.enqueuePullRequest(shop, number)
    await eventually(async () => (await command.pids()).length === 1, 'it runs')
    const [pid = ''] = await command.pids()
    sandbox.dequeuePullRequest(shop, number)
    t.same(await finalStates(fleet, headSha), ['pending', 'error'])
    t.equal(statuses(fleet, headSha).at(-1)?.description, 'Cancelled: the merge queue dropped this commit.')
    await eventually(() => !stillRuns(pid), 'its processes have ended')
    t.equal(sandbox.pullRequest(shop, number).state, 'open')
    t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
  },
)
