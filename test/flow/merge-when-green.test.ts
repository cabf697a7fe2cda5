// A pull request with the label is merged once it may be, at the commit that was judged, and never before.
import t from 'tap'
import { eventually, shop } from '../fixtures/fleet.ts'
import {
  config,
  isMerged,
  mergeCalls,
  open,
  openWaiting,
  start,
  succeed,
  waitsFor,
} from '../fixtures/merging.ts'

t.test('labelled first, green later: merged once, at that commit, and deployed', async (t) => {
  const fleet = await start(t, { workers: 2 })
  const { sandbox } = fleet
  const pull = await open(fleet)
  const run = await sandbox.createCheckRun(shop, pull.head.sha, { name: 'build', status: 'in_progress' })
  await sandbox.labelPullRequest(shop, pull.number, 'Automerge')
  const { text } = await waitsFor(fleet, 'build (in_progress)')
  t.match(
    text,
    /^#1 waits to be merged: build \(in_progress\)\. It has waited for \d+ s, and is given up in 30 days\.$/,
  )
  t.match(
    fleet.log.find(({ msg }) => msg === 'a pull request waits to be merged'),
    { repository: shop, pullRequest: 1, reasons: ['build (in_progress)'] },
  )
  await sandbox.completeCheckRun(shop, run.id, 'success')
  t.same(await isMerged(fleet), { sha: pull.head.sha, by: 'livraison-bot' })
  t.match(mergeCalls(fleet), [{ status: 200, sha: pull.head.sha, merge_method: 'merge' }])
  t.match((await fleet.receiver.api(`/why/${shop}/production`)).body, { merges: [], mergesGivenUp: [] })
  t.same(await fleet.store.keys(`${fleet.redis.prefix}:ci-waiting:*`), [], 'nothing is left of the wait')
  t.same(sandbox.violations, [])
})

t.test('green first, labelled later, by the configured method', async (t) => {
  const fleet = await start(t, { config: config('when: green, label: automerge, method: squash') })
  const pull = await open(fleet)
  await succeed(fleet, pull.head.sha)
  await fleet.sandbox.labelPullRequest(shop, 1, 'bug')
  await fleet.sandbox.labelPullRequest(shop, 1, 'automerge')
  await isMerged(fleet)
  t.match(mergeCalls(fleet), [{ status: 200, merge_method: 'squash' }])
})

t.test('opened with the label, and with no checks at all: merged at once', async (t) => {
  const fleet = await start(t)
  await open(fleet, { labels: ['automerge'] })
  await isMerged(fleet)
})

t.test('red is not merged, and the reason is told; green after another run, it is', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  const pull = await open(fleet)
  await sandbox.createCheckRun(shop, pull.head.sha, { name: 'build', conclusion: 'failure' })
  await sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, 'build (failure)')
  t.same(mergeCalls(fleet), [])
  await sandbox.createCheckRun(shop, pull.head.sha, { name: 'build', conclusion: 'success' })
  await isMerged(fleet)
})

t.test('what the branch requires must be there, by whoever must report it', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  sandbox.protectBranch(shop, 'main', { contexts: ['ci/test'], ruleContexts: ['ci/lint'], ruleApp: 77 })
  const pull = await open(fleet)
  await sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, 'ci/test (not reported)', 'ci/lint (not reported by app 77)')
  await succeed(fleet, pull.head.sha)
  await waitsFor(fleet, 'ci/lint (not reported by app 77)')
  await succeed(fleet, pull.head.sha, 'ci/lint')
  await isMerged(fleet)
})

t.test(
  'a push between the judging and the merging: only the new head is merged, once it is green',
  async (t) => {
    const fleet = await start(t)
    const { sandbox } = fleet
    const pull = await openWaiting(fleet, { branch: 'topic' })
    const judged = pull.head.sha
    // Its answer is late, so that the push comes in between.
    sandbox.faults.add({ operation: 'pulls/merge', times: 1, answer: { delayMs: 300 } })
    const asked = sandbox.requests.length
    await succeed(fleet, judged)
    await sandbox.whenever(() =>
      sandbox.requests.slice(asked).some(({ operationId }) => operationId === 'pulls/merge'),
    )
    sandbox.faults.loseDeliveries({ event: 'pull_request', times: 1 })
    const pushed = await sandbox.push(shop, { branch: 'topic' })
    await sandbox.createCommitStatus(shop, pushed, { state: 'pending', context: 'ci/test' })
    await waitsFor(fleet, /409 to PUT .*Head branch was modified/)
    sandbox.redeliver(sandbox.deliveries().findLast(({ action }) => action === 'synchronize')?.guid ?? '')
    await waitsFor(fleet, 'ci/test (pending)')
    t.match(mergeCalls(fleet), [{ status: 409, sha: judged }])
    await succeed(fleet, pushed)
    t.match(await isMerged(fleet), { sha: pushed })
    t.match(mergeCalls(fleet), [{ status: 409 }, { status: 200, sha: pushed }])
  },
)

t.test('approvals that are required are waited for, and changes that are requested', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  sandbox.protectBranch(shop, 'main', { reviews: 1, ruleReviews: 2 })
  for (const login of ['mona', 'hubot']) sandbox.setPermission(shop, login, 'write')
  await open(fleet)
  await sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, '2 more approvals')
  await sandbox.review(shop, 1, 'APPROVED', { user: 'stranger' })
  await sandbox.review(shop, 1, 'APPROVED', { user: 'mona' })
  await waitsFor(fleet, '1 more approval')
  const blocking = await sandbox.review(shop, 1, 'CHANGES_REQUESTED', { user: 'hubot' })
  await waitsFor(fleet, 'hubot requested changes', '1 more approval')
  sandbox.dismissReview(shop, 1, blocking.id)
  await waitsFor(fleet, '1 more approval')
  await sandbox.review(shop, 1, 'APPROVED', { user: 'hubot' })
  await isMerged(fleet)
})

t.test('a draft waits until it is ready', async (t) => {
  const fleet = await start(t)
  await open(fleet, { draft: true })
  await fleet.sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, 'it is a draft')
  fleet.sandbox.setDraft(shop, 1, false)
  await isMerged(fleet)
})

t.test('one that conflicts, and one that is behind, wait for a push', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  await open(fleet, { branch: 'topic', files: { 'README.md': 'theirs' } })
  await sandbox.push(shop, { files: { 'README.md': 'ours' } })
  await sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, 'it conflicts with main')
  await sandbox.closePullRequest(shop, 1)
  await eventually(
    async () => (await fleet.receiver.queues.events.getDelayedCount()) === 0,
    'its wait is over',
  )

  sandbox.protectBranch(shop, 'main', { strict: true })
  await open(fleet, { branch: 'other' })
  await sandbox.push(shop, { files: { 'more.md': 'more' } })
  await sandbox.labelPullRequest(shop, 2, 'automerge')
  await waitsFor(fleet, /^main has moved on .*: update the branch$/)
  t.same(mergeCalls(fleet), [])
})

t.test('one that loses its label while it waits is not merged, and is when it gets it back', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  const pull = await openWaiting(fleet)
  await sandbox.unlabelPullRequest(shop, 1, 'automerge')
  await eventually(
    () => fleet.log.some(({ reason }) => reason === 'it does not carry the label automerge any more'),
    'its wait is over',
  )
  await succeed(fleet, pull.head.sha)
  await eventually(async () => (await fleet.receiver.queues.events.count()) === 0, 'nothing is to be done')
  t.same(mergeCalls(fleet), [])
  await sandbox.labelPullRequest(shop, 1, 'automerge')
  await isMerged(fleet)
})

t.test('one that loses its label between the judging and the merging is not merged', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  const pull = await openWaiting(fleet)
  sandbox.faults.add({ operation: 'repos/get-branch-rules', times: 1, answer: { delayMs: 400 } })
  const asked = sandbox.requests.length
  await succeed(fleet, pull.head.sha)
  const isRead = () =>
    sandbox.requests
      .slice(asked)
      .some(({ operationId, status }) => operationId === 'pulls/get' && status === 200)
  await sandbox.whenever(isRead)
  await sandbox.unlabelPullRequest(shop, 1, 'automerge')
  await eventually(async () => (await fleet.receiver.queues.events.count()) === 0, 'nothing is to be done')
  t.same(mergeCalls(fleet), [])
})

t.test('fifty deliveries of one labelling are one merge', async (t) => {
  const fleet = await start(t, { workers: 3 })
  const { sandbox } = fleet
  const pull = await openWaiting(fleet)
  const labeled = sandbox.deliveries().find(({ action }) => action === 'labeled')
  for (let count = 0; count < 50; count++) sandbox.redeliver(labeled?.guid ?? '')
  await succeed(fleet, pull.head.sha)
  await isMerged(fleet)
  await sandbox.whenever(() => sandbox.deliveries().every(({ status }) => status === 'OK'))
  await eventually(async () => (await fleet.receiver.queues.events.count()) === 0, 'nothing is to be done')
  t.equal(mergeCalls(fleet).length, 1)
  t.equal(sandbox.deployments(shop).length, 1)
})

t.test('closed while it waits, it is forgotten; opened again with its label, it is merged', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  const pull = await openWaiting(fleet)
  await sandbox.closePullRequest(shop, 1)
  await eventually(
    () => fleet.log.some(({ reason }) => reason === 'it was closed without being merged'),
    'its wait is over',
  )
  await succeed(fleet, pull.head.sha)
  await sandbox.reopenPullRequest(shop, 1)
  await isMerged(fleet)
})

t.test(
  'what was pushed to a fork after the label was given is not merged before it is given again',
  async (t) => {
    const fleet = await start(t)
    const { sandbox } = fleet
    const fork = { fork: true, user: 'mona', branch: 'topic' }
    const { sha: labelledAt } = (await openWaiting(fleet, fork)).head
    t.equal(sandbox.pullRequest(shop, 1).head.repository.owner.login, 'mona')
    const pushed = await sandbox.push('mona/shop', { branch: 'topic', user: 'mona' })
    await waitsFor(
      fleet,
      /^it comes from a fork and was pushed to after octocat asked: take the label automerge off/,
    )
    t.not(pushed, labelledAt)
    t.same(mergeCalls(fleet), [])
    await sandbox.unlabelPullRequest(shop, 1, 'automerge')
    await sandbox.labelPullRequest(shop, 1, 'automerge')
    t.match(await isMerged(fleet), { sha: pushed })
  },
)

t.test('the base that somebody saw when labelling is the one it is merged into', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  await sandbox.push(shop, { branch: 'next' })
  const pull = await open(fleet, { base: 'next' })
  await sandbox.createCommitStatus(shop, pull.head.sha, { state: 'pending', context: 'ci/test' })
  await sandbox.labelPullRequest(shop, 1, 'automerge')
  await waitsFor(fleet, 'ci/test (pending)')
  sandbox.setBase(shop, 1, 'main')
  await waitsFor(fleet, /^its base is main and was next when octocat asked/, 'ci/test (pending)')
})
