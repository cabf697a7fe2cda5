// GitHub stumbles, deliveries come twice or late: a command is done once, and answered once.
import t from 'tap'
import { answered, isDoneOnce, openAged, say, seen, startCommented } from '../../fixtures/comments.ts'
import { eventually, shop } from '../../fixtures/fleet.ts'

// Each of its calls is tried again after longer than the one before.
t.setTimeout(120_000)

const calls = {
  react: 'reactions/create-for-issue-comment',
  permission: 'repos/get-collaborator-permission-level',
  pull: 'pulls/get',
  activity: 'repos/list-activities',
  commit: 'repos/get-commit',
  create: 'issues/create-comment',
  edit: 'issues/update-comment',
} as const

for (const [name, answer] of [
  ['a 502', { status: 502 }],
  ['no answer to what it did', 'drop-after'],
] as const) {
  t.test(`each call meets ${name} once`, async (t) => {
    const fleet = await startCommented(t)
    await openAged(fleet)
    for (const operation of Object.values(calls)) fleet.sandbox.faults.add({ operation, times: 1, answer })
    const id = await say(fleet, '/deploy')
    t.match(await answered(fleet, id, '+1'), /\*\*Deployed/)
    isDoneOnce(t, fleet, id)
  })
}

t.test('a rate limit delays a command, and nothing of it is lost', async (t) => {
  const fleet = await startCommented(t)
  await openAged(fleet)
  for (const operation of [calls.permission, calls.create]) {
    fleet.sandbox.faults.add({
      ...{ operation, times: 1 },
      answer: {
        status: 403,
        headers: { 'retry-after': '1' },
        body: { message: 'You have exceeded a secondary rate limit' },
      },
    })
  }
  const id = await say(fleet, '/deploy')
  t.match(await answered(fleet, id, '+1'), /\*\*Deployed/)
  isDoneOnce(t, fleet, id)
})

t.test('a comment that is delivered twice is one command', async (t) => {
  const fleet = await startCommented(t, { workers: 2 })
  const { sandbox } = fleet
  await openAged(fleet)
  const id = await say(fleet, '/deploy')
  const isIt = ({ event, action }: { event: string; action: string | null }) =>
    event === 'issue_comment' && action === 'created'
  const delivery = await sandbox.whenever(() =>
    sandbox.deliveries().find((each) => isIt(each) && each.status === 'OK'),
  )
  sandbox.redeliver(delivery.guid)
  await answered(fleet, id, '+1')
  sandbox.redeliver(delivery.guid)
  const told = () =>
    sandbox.deliveries().filter(({ guid, status }) => guid === delivery.guid && status === 'OK')
  await sandbox.whenever(() => told().length === 3)
  t.match(JSON.parse(told().at(-1)?.responseBody ?? '{}'), { outcome: 'duplicate' })
  await eventually(async () => (await fleet.receiver.queues.events.count()) === 0, 'nothing is left to do')
  isDoneOnce(t, fleet, id)
})

t.test('a command that came too late is not done', async (t) => {
  const fleet = await startCommented(t, { workers: 0 })
  const { sandbox } = fleet
  await openAged(fleet)
  const id = await say(fleet, '/deploy')
  const job = await eventually(() => fleet.receiver.queues.events.getJob(`command-${id}`), 'it is queued')
  const { data } = job
  data.comment.createdAt = new Date(Date.now() - 3 * 3_600_000).toISOString()
  await job.updateData(data)
  fleet.addWorker()
  t.match(await answered(fleet, id, '-1'), /more than two hours after it was asked for/)
  t.equal(sandbox.deployments(shop).length, 0)
})

t.test(
  'a comment that is gone is not done, and an answer that was deleted is not written again',
  async (t) => {
    const fleet = await startCommented(t, { workers: 0 })
    const { sandbox } = fleet
    const { sha } = await openAged(fleet)
    const gone = await say(fleet, '/deploy')
    await eventually(() => fleet.receiver.queues.events.getJob(`command-${gone}`), 'it is queued')
    sandbox.deleteComment(shop, gone)
    fleet.addWorker()
    await eventually(() => fleet.log.some(({ msg }) => /its comment is gone/.test(msg)), 'it is noticed')
    await sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' })
    const id = await say(fleet, '/deploy')
    await eventually(() => /waits for/.test(seen(fleet, id).answers[0] ?? ''), 'it is answered')
    const ours = sandbox.repository(shop).comments.find(({ user }) => user.login === 'livraison-bot')
    sandbox.deleteComment(shop, ours?.id ?? 0)
    await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'ci/test' })
    const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
    await fleet.finalStates(deployment.id)
    await eventually(async () => (await fleet.receiver.queues.events.count()) === 0, 'nothing is left to do')
    t.equal(seen(fleet, id).answers.length, 0)
  },
)
