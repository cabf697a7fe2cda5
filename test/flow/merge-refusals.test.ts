// What GitHub refuses, does not know yet, or does not show, when a pull request is to be merged.
import t from 'tap'
import { mergeWhenGreenJobId } from '../../src/jobs/job-ids.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { config, isMerged, mergeCalls, often, open, start, succeed, waitsFor } from '../fixtures/merging.ts'

t.test('a token that GitHub would let past the protection merges nothing that lacks something', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  sandbox.letBypass(shop, true)
  sandbox.protectBranch(shop, 'main', { ruleContexts: ['ci/test'], more: true })
  const pull = await open(fleet)
  await sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, 'ci/test (not reported)')
  await succeed(fleet, pull.head.sha)
  await waitsFor(fleet, /^something that main asks for is missing/)
  t.same(mergeCalls(fleet), [])
})

t.test('while GitHub works out whether it can be merged, it is asked again', async (t) => {
  const fleet = await start(t, { pace: often })
  const pull = await open(fleet)
  fleet.sandbox.computeSlowly(shop, 1, 3)
  await fleet.sandbox.labelPullRequest(shop, 1, 'automerge')
  t.match(await isMerged(fleet), { sha: pull.head.sha })
  t.match(
    fleet.log.find(({ reasons }) => String(reasons).startsWith('GitHub is working out')),
    { pullRequest: 1 },
  )
})

t.test('a refusal that passes is tried again', async (t) => {
  const fleet = await start(t, { pace: often })
  const message = 'Base branch was modified. Review and try the merge again.'
  fleet.sandbox.faults.add({ operation: 'pulls/merge', times: 2, answer: { status: 405, body: { message } } })
  await open(fleet)
  await fleet.sandbox.labelPullRequest(shop, 1, 'automerge')
  await isMerged(fleet)
  t.match(mergeCalls(fleet), [{ status: 405 }, { status: 405 }, { status: 200 }])
})

t.test('a refusal that does not pass is told, and tried again only when something changes', async (t) => {
  const pace = { firstMs: 30, longestMs: 300_000 }
  const fleet = await start(t, { pace })
  const message = 'Commits must have verified signatures.'
  fleet.sandbox.faults.add({ operation: 'pulls/merge', times: 1, answer: { status: 405, body: { message } } })
  const pull = await open(fleet)
  await fleet.sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, /405 to PUT .*Commits must have verified signatures/)
  const { queues } = fleet.receiver
  const job = await queues.events.getJob(mergeWhenGreenJobId(fleet.sandbox.repository(shop).id, 1))
  t.ok((job?.delay ?? 0) > 200_000, 'it sleeps for long')
  await succeed(fleet, pull.head.sha)
  await isMerged(fleet)
})

t.test('a token that may not merge is told of', async (t) => {
  const fleet = await start(t)
  const message = 'Resource not accessible by personal access token'
  fleet.sandbox.faults.add({ operation: 'pulls/merge', times: 1, answer: { status: 403, body: { message } } })
  await open(fleet)
  await fleet.sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, /403 to PUT .*Resource not accessible/)
})

t.test(
  'a method that the repository does not allow is told of, and none is chosen in its place',
  async (t) => {
    const fleet = await start(t, { config: config('label: automerge, method: rebase') })
    fleet.sandbox.allowMergeMethods(shop, ['squash'])
    await open(fleet)
    await fleet.sandbox.labelPullRequest(shop, 1, 'automerge')
    await waitsFor(
      fleet,
      /^rebase is not allowed in acme\/shop, squash is: change merge\.method in livraison\.yml/,
    )
    fleet.rules.put(config())
    await fleet.sandbox.labelPullRequest(shop, 1, 'bug')
    await succeed(fleet, fleet.sandbox.pullRequest(shop, 1).head.sha)
    await isMerged(fleet)
    t.match(mergeCalls(fleet), [{ status: 200, merge_method: 'squash' }])
  },
)

for (const answer of ['drop-after', 'reset-after'] as const) {
  t.test(`a merge whose answer is lost (${answer}) is found, and not repeated`, async (t) => {
    const fleet = await start(t)
    fleet.sandbox.faults.add({ operation: 'pulls/merge', times: 1, answer })
    await open(fleet)
    await fleet.sandbox.labelPullRequest(shop, 1, 'automerge')
    await isMerged(fleet)
    await eventually(
      () => fleet.log.some(({ reason }) => reason === 'it is merged, by livraison-bot'),
      'it was found out',
    )
    t.equal(mergeCalls(fleet).length, 1)
    t.equal(fleet.sandbox.deployments(shop).length, 1)
  })
}

t.test('a branch with a merge queue is left to it', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  sandbox.protectBranch(shop, 'main', { mergeQueue: true })
  sandbox.letBypass(shop, true)
  await open(fleet)
  await sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, 'the merge queue of main merges it, once somebody adds it there')
  t.same(mergeCalls(fleet), [])
})

t.test('what cannot be read is in the way, in words', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  const answer = { status: 403, body: { message: 'Resource not accessible by integration' } }
  for (const operation of [
    'repos/get-branch-rules',
    'repos/get-branch',
    'pulls/list-reviews',
    'checks/list-for-ref',
  ]) {
    const asked = mergeCalls(fleet).length
    sandbox.faults.add({ operation, times: 1, answer })
    const { number, head } = await open(fleet)
    await sandbox.labelPullRequest(shop, number, 'automerge')
    await waitsFor(fleet, /403 to GET .*Resource not accessible by integration/)
    t.equal(mergeCalls(fleet).length, asked, operation)
    await succeed(fleet, head.sha)
    await isMerged(fleet, number)
  }
})

t.test(
  'where only administrators may read the protection, GitHub says whether something is missing',
  async (t) => {
    const fleet = await start(t)
    const { sandbox } = fleet
    sandbox.letBypass(shop, true)
    sandbox.setPermission(shop, 'mona', 'write')
    sandbox.faults.add({
      operation: 'repos/get-branch-protection',
      answer: { status: 404, body: { message: 'Not Found' } },
    })
    sandbox.protectBranch(shop, 'main', { contexts: ['ci/test'], reviews: 1 })
    const pull = await open(fleet)
    await sandbox.labelPullRequest(shop, 1, 'automerge')
    await waitsFor(fleet, 'ci/test (not reported)')
    await succeed(fleet, pull.head.sha)
    await waitsFor(
      fleet,
      /^something that main asks for is missing.*The token may not read the branch's protection/,
    )
    t.same(mergeCalls(fleet), [])
    await sandbox.review(shop, 1, 'APPROVED', { user: 'mona' })
    await isMerged(fleet)
  },
)
