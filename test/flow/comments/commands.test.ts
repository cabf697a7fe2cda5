// What people ask for besides /deploy, who may, and what nobody can do by a comment.
import t from 'tap'
import { answered, config, openAged, say, seen, startCommented } from '../../fixtures/comments.ts'
import { eventually, type Fleet, shop } from '../../fixtures/fleet.ts'

const outcomeOf = async ({ receiver, sandbox }: Fleet, body: string, user: string) => {
  const id = await sandbox.comment(shop, 1, body, { user })
  const isIt = (payload: unknown) => (payload as { comment?: { id: number } }).comment?.id === id
  const delivery = await sandbox.whenever(() =>
    sandbox.deliveries().find(({ payload, status }) => status !== null && isIt(payload)),
  )
  t.ok(receiver.url)
  return JSON.parse(delivery.responseBody) as { outcome: string; reason?: string }
}

t.test('an environment is locked and unlocked', async (t) => {
  const fleet = await startCommented(t)
  await openAged(fleet)
  t.match(
    await answered(fleet, await say(fleet, '/lock'), 'confused'),
    /Name an environment: \/lock staging or \/lock production/,
  )
  const locked = await answered(fleet, await say(fleet, '/lock staging for 2h migrating'), '+1')
  t.match(locked, /staging of acme\/shop is locked\. Locked by dora: migrating\. Until /)
  const refused = await answered(fleet, await say(fleet, '/deploy staging', 'ada'), '-1')
  t.match(refused, /staging of acme\/shop is locked by dora: migrating\. dora or an approver can unlock it\./)
  t.match(await answered(fleet, await say(fleet, '/unlock staging', 'mona'), '-1'), /mona may not unlock/)
  await answered(fleet, await say(fleet, '/unlock staging', 'ada'), '+1')
  t.match(await answered(fleet, await say(fleet, '/lock production'), '+1'), /by dora: pull request \S+1\./)
  t.match(await answered(fleet, await say(fleet, '/unlock staging'), '-1'), /is not locked/)
})

t.test('what was deployed is rolled back, and questions are answered', async (t) => {
  const fleet = await startCommented(t)
  const { sandbox } = fleet
  const { sha } = await openAged(fleet)
  await answered(fleet, await say(fleet, '/deploy'), '+1')
  const second = await sandbox.push(shop, { branch: 'topic' })
  sandbox.agePushes(shop, 3_600_000)
  await answered(fleet, await say(fleet, '/deploy'), '+1')
  const text = await answered(fleet, await say(fleet, '/rollback staging because it is slow'), '+1')
  t.match(text, /\*\*Deployed in \d+ s:\*\*[\s\S]*what was there before #/)
  t.same(
    sandbox.deployments(shop).map((each) => each.sha),
    [sha, second, sha],
  )
  const status = await answered(fleet, await say(fleet, '/status', 'mona'), '+1')
  t.match(status, /\| Environment \| Has \| And \|\n\| --- \| --- \| --- \|\n/)
  t.match(status, new RegExp(`\\| \`staging\` \\| topic \\(${sha.slice(0, 7)}\\), `))
  t.match(status, /\| `production` \| nothing yet \|/)
  t.match(await answered(fleet, await say(fleet, '/why'), '+1'), /\n- staging: .*\n- production: /)
  await answered(fleet, await say(fleet, '/why production'), '+1')
  t.match(await answered(fleet, await say(fleet, '/why nowhere'), '-1'), /nowhere is not an environment/)
  t.match(await answered(fleet, await say(fleet, '/rollback production'), '-1'), /Nothing has been deployed/)
  t.match(
    await answered(fleet, await say(fleet, '/deploy staging now'), 'confused'),
    /It is written \/deploy /,
  )
})

t.test('help shows what whoever asks may do here', async (t) => {
  const fleet = await startCommented(t)
  await openAged(fleet)
  const dora = await answered(fleet, await say(fleet, '/help'), '+1')
  t.match(dora, /dora is deployer of acme\/shop, and may write: Environments: staging, production\./)
  t.match(dora, /`\/deploy \[environment\]/)
  t.notMatch(dora, /\/merge|\/approve/)
  const mona = await answered(fleet, await say(fleet, '/help', 'mona'), '+1')
  t.notMatch(mona, /`\/deploy/)
  t.match(mona, /`\/status/)
  fleet.rules.put(config(undefined, ['merge: { when: green }']))
  t.match(await answered(fleet, await say(fleet, '/help'), '+1'), /`\/merge/)
})

t.test('who lost their permission after they commented may not', async (t) => {
  const fleet = await startCommented(t, { workers: 0 })
  await openAged(fleet)
  const id = await say(fleet, '/deploy')
  await eventually(async () => (await fleet.receiver.jobIds()).includes(`command-${id}`), 'it is queued')
  fleet.sandbox.setPermission(shop, 'dora', 'read')
  fleet.addWorker()
  const text = await answered(fleet, id, '-1')
  t.match(text, /dora may not deploy in acme\/shop: that needs the role deployer, and theirs is viewer\./)
  fleet.sandbox.setPermission(shop, 'dora', 'write')
  await answered(fleet, await say(fleet, '/deploy'), '+1')
  fleet.sandbox.setPermission(shop, 'dora', 'none')
  t.match(await answered(fleet, await say(fleet, '/deploy'), '-1'), /dora may do nothing in acme\/shop/)
  t.equal(fleet.sandbox.deployments(shop).length, 1)
})

t.test('a deployment of this pull request is approved, or rejected, by somebody else', async (t) => {
  const fleet = await startCommented(t, { config: config('pull_requests: true, approvals: { required: 1 }') })
  const { sandbox } = fleet
  await openAged(fleet)
  t.match(await answered(fleet, await say(fleet, '/approve', 'ada'), '-1'), /No deployment of \S+1 waits\./)
  sandbox.setPermission(shop, 'amy', 'maintain')
  const first = await say(fleet, '/deploy', 'amy')
  await eventually(() => /\*\*Waiting:\*\*/.test(seen(fleet, first).answers.at(-1) ?? ''), 'it waits')
  t.match(await answered(fleet, await say(fleet, '/approve', 'amy'), '-1'), /somebody else must approve/)
  t.match(
    await answered(fleet, await say(fleet, '/approve', 'ada'), '+1'),
    /is approved: it waits for no approval/,
  )
  await eventually(() => seen(fleet, first).reactions.includes('+1'), 'it is deployed')
  await sandbox.push(shop, { branch: 'topic' })
  sandbox.agePushes(shop, 3_600_000)
  const second = await say(fleet, '/deploy')
  await eventually(
    () => seen(fleet, second).answers.some((each) => /\*\*Waiting:\*\*/.test(each)),
    'it waits',
  )
  const { id } = sandbox.deployments(shop)[1] ?? { id: 0 }
  await answered(fleet, await say(fleet, `/reject #${id} because of the date`, 'ada'), '+1')
  await eventually(() => seen(fleet, second).reactions.includes('-1'), 'it has ended')
  t.ok(
    seen(fleet, second).answers.some((each) =>
      /\*\*Not deployed:\*\*[\s\S]*Rejected by ada: of the date/.test(each),
    ),
  )
})

t.test('a pull request is merged once it is green, where there are rules for that', async (t) => {
  const fleet = await startCommented(t)
  const { sandbox, rules } = fleet
  const { sha } = await openAged(fleet)
  t.match(await answered(fleet, await say(fleet, '/merge'), '-1'), /has no \\`merge\\` for acme\/shop/)
  rules.put(config(undefined, ['merge: { when: green }']))
  t.match(
    await answered(fleet, await say(fleet, '/merge', 'mona'), '-1'),
    /may not have a pull request merged/,
  )
  await sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' })
  const id = await say(fleet, '/merge')
  const isTold = () =>
    seen(fleet, id).answers.some((each) => /What is missing:\n\n- ci\/test \(pending\)$/.test(each))
  await eventually(isTold, 'it is told what is missing')
  await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'ci/test' })
  const text = await answered(fleet, id, '+1')
  t.match(text, /\*\*Merged\*\* as \[[0-9a-f]{7}\]/)
  t.ok(sandbox.pullRequest(shop, 1).mergedAt)
  t.match(await answered(fleet, await say(fleet, '/merge'), '-1'), /is merged already/)
})

t.test('what is no command of somebody is left alone', async (t) => {
  const fleet = await startCommented(t)
  const { sandbox } = fleet
  await openAged(fleet)
  for (const [body, user, reason] of [
    ['/deploy', 'renovate[bot]', /renovate\[bot\] is a bot/],
    ['/assign dora', 'dora', /begins with no command/],
    ['> /deploy', 'dora', /begins with no command/],
    ['Thanks!\n/deploy', 'dora', /begins with no command/],
  ] as const) {
    t.match(await outcomeOf(fleet, body, user), { outcome: 'ignored', reason })
  }
  const id = await say(fleet, 'Hello')
  sandbox.editComment(shop, id, '/deploy')
  await eventually(
    () => sandbox.deliveries().some(({ action, status }) => action === 'edited' && status === 'OK'),
    'the edit is told',
  )
  t.equal(seen(fleet, id).answers.length, 0)
  t.same(
    (await fleet.receiver.jobIds()).filter((each) => each.includes('command')),
    [],
  )
})
