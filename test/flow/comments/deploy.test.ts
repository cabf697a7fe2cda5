// Somebody comments /deploy: the head that they saw is deployed, and one comment tells how it goes.
import t from 'tap'
import {
  answered,
  config,
  openAged,
  say,
  seen,
  seldom,
  startCommented,
  textOf,
} from '../../fixtures/comments.ts'
import { eventually, shop } from '../../fixtures/fleet.ts'
import { heldExecutor } from '../../fixtures/held-executor.ts'

t.test('a comment gets a reaction at once, and an answer that is edited until the end', async (t) => {
  const held = heldExecutor()
  const fleet = await startCommented(t, { rules: { executor: held.executor }, ci: { commandPace: seldom } })
  const { sandbox } = fleet
  const { sha } = await openAged(fleet)
  const said: string[] = []
  const id = await say(fleet, '/deploy')
  await eventually(() => seen(fleet, id).reactions.includes('eyes'), 'it is seen')
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.match(deployment, {
    sha,
    environment: 'staging',
    payload: { pull_request: 1, branch: 'topic', deploy_user: 'dora' },
  })
  await eventually(() => held.running().includes(deployment.id), 'it runs')
  await eventually(() => {
    const text = textOf(seen(fleet, id).answers[0])
    said.push(text)
    return /\*\*In progress:\*\*/.test(text)
  }, 'it is said to run')
  t.same(seen(fleet, id).reactions, ['eyes'])
  held.end(deployment.id)
  const last = await answered(fleet, id, '+1')
  t.match(
    last,
    /^`\/deploy` of `dora`\n\n\*\*Deployed in \d+ s:\*\* \[[0-9a-f]{7}\]\(<http.*commit\/[0-9a-f]{40}>\) to `staging`, deployment /,
  )
  t.match(last, /the head of topic/)
  t.match(last, /\[Log\]\(<http:\/\/localhost:4567\/deployments\/acme\/shop\/\d+>\) · \[Why\]/)
  t.equal(seen(fleet, id).answers.length, 1)
  t.same(sandbox.violations, [])
  t.match(said[0], /^(`\/deploy` of `dora`\n\n\*\*(Asked for|Taken up|In progress):\*\* |)/)
})

t.test('the only answer says so when the deployment fails', async (t) => {
  const executor = async () => ({ state: 'failure' as const, description: 'Exit status 1. @acme/ops' })
  const fleet = await startCommented(t, { rules: { executor } })
  await openAged(fleet)
  const text = await answered(fleet, await say(fleet, '/deploy staging'), '-1')
  t.match(text, /\*\*Failed after 0 s:\*\*/)
  t.match(text, /> Exit status 1\. @\u200bacme\/ops/)
})

t.test('a head that is not green is not deployed, and one that waits for its CI says for what', async (t) => {
  const fleet = await startCommented(t)
  const { sandbox } = fleet
  const { sha } = await openAged(fleet)
  await sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' })
  const id = await say(fleet, '/deploy')
  await eventually(
    () => /It waits for the CI of [0-9a-f]{7}: ci\/test/.test(seen(fleet, id).answers[0] ?? ''),
    'it waits',
  )
  await sandbox.createCommitStatus(shop, sha, { state: 'failure', context: 'ci/test' })
  t.match(
    await answered(fleet, id, '-1'),
    /\*\*Not deployed:\*\* [0-9a-f]{7}, the head of topic, to `staging`\. The CI of .* has failed: ci\/test/,
  )
  t.equal(sandbox.deployments(shop).length, 0)
})

t.test('a head that moves while its CI is waited for is not deployed', async (t) => {
  const fleet = await startCommented(t)
  const { sandbox } = fleet
  const { sha } = await openAged(fleet)
  await sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' })
  const id = await say(fleet, '/deploy')
  await eventually(() => /It waits for/.test(seen(fleet, id).answers[0] ?? ''), 'it waits')
  const pushed = await sandbox.push(shop, { branch: 'topic', user: 'mallory' })
  await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'ci/test' })
  const text = await answered(fleet, id, '-1')
  t.ok(text.includes(`its head is ${pushed.slice(0, 7)} now`), text)
  t.equal(sandbox.deployments(shop).length, 0)
})

t.test('what was pushed after the comment is not deployed, unless its whole sha is named', async (t) => {
  const fleet = await startCommented(t, { workers: 0 })
  const { sandbox } = fleet
  const { sha } = await openAged(fleet)
  const late = await say(fleet, '/deploy staging')
  const pushed = await sandbox.push(shop, { branch: 'topic', user: 'mallory' })
  fleet.addWorker()
  t.match(await answered(fleet, late, '-1'), /was pushed to after you commented, or in the same/)
  const other = await say(fleet, `/deploy staging ${sha}`)
  t.match(await answered(fleet, other, '-1'), /is not the head of/)
  // Whatever comes now, the push came after it.
  sandbox.agePushes(shop, -3_600_000)
  // As many digits as people read: another commit with the same ones is made in minutes.
  const short = await say(fleet, `/deploy staging ${pushed.slice(0, 12)}`)
  t.match(await answered(fleet, short, '-1'), /was pushed to after you commented/)
  const named = await say(fleet, `/deploy staging ${pushed}`)
  await answered(fleet, named, '+1')
  t.match(sandbox.deployments(shop), [{ sha: pushed }])
})

t.test('where GitHub does not say when the head was pushed, the whole sha is asked for', async (t) => {
  const fleet = await startCommented(t)
  const { sandbox } = fleet
  const { sha } = await openAged(fleet)
  sandbox.faults.add({
    operation: 'repos/list-activities',
    answer: { status: 404, body: { message: 'Not Found' } },
  })
  const text = await answered(fleet, await say(fleet, '/deploy'), '-1')
  t.ok(text.includes(`/deploy staging ${sha}`), text)
  await answered(fleet, await say(fleet, `/deploy staging ${sha}`), '+1')
})

t.test('pull requests go only where the rules let them', async (t) => {
  const fleet = await startCommented(t)
  const { sandbox } = fleet
  await openAged(fleet)
  const refused = await answered(fleet, await say(fleet, '/deploy production'), '-1')
  t.match(refused, /production takes no pull requests before they are merged .* or deploy it to staging/)
  t.match(await answered(fleet, await say(fleet, '/deploy stagin'), '-1'), /Did you mean staging/)
  fleet.rules.put(config('pull_requests: false'))
  t.match(await answered(fleet, await say(fleet, '/deploy'), '-1'), /No environment takes pull requests/)
  fleet.rules.put(`${config()}\n      preview: { simulate: 1ms, pull_requests: true, on: manual }`)
  t.match(
    await answered(fleet, await say(fleet, '/deploy'), 'confused'),
    /Name an environment: \/deploy staging or \/deploy preview/,
  )
  t.equal(sandbox.deployments(shop).length, 0)
})

t.test('forks are left out unless the rules take them', async (t) => {
  const fleet = await startCommented(t)
  const { sandbox } = fleet
  const { sha } = await openAged(fleet, { user: 'mona', fork: true })
  t.match(
    await answered(fleet, await say(fleet, '/deploy staging'), '-1'),
    /takes no pull requests from forks/,
  )
  t.match(
    await answered(fleet, await say(fleet, '/deploy'), '-1'),
    /No environment takes pull requests from forks/,
  )
  fleet.rules.put(config('pull_requests: { forks: true }'))
  // Its author may not.
  t.match(
    await answered(fleet, await say(fleet, '/deploy', 'mona'), '-1'),
    /mona may not deploy in acme\/shop/,
  )
  await answered(fleet, await say(fleet, '/deploy'), '+1')
  t.match(sandbox.deployments(shop), [{ sha, payload: { branch: 'mona:topic', pull_request: 1 } }])
})

t.test('a success of what is not merged is promoted nowhere, that of a merge is', async (t) => {
  const fleet = await startCommented(t, {
    config: `${config().replace('on: merge', 'after: staging')}`,
  })
  const { sandbox } = fleet
  const { number } = await openAged(fleet)
  await answered(fleet, await say(fleet, '/deploy'), '+1')
  await sandbox.whenever(() =>
    sandbox
      .deliveries()
      .some(
        ({ event, payload }) =>
          event === 'deployment_status' &&
          (payload as { deployment_status: { state: string } }).deployment_status.state === 'success',
      ),
  )
  t.match(sandbox.deployments(shop), [{ environment: 'staging', payload: { unmerged: true } }])
  const mergeSha = await sandbox.mergePullRequest(shop, number)
  await answered(fleet, await say(fleet, '/deploy staging'), '+1')
  await sandbox.whenever(() =>
    sandbox.deployments(shop).some(({ environment }) => environment === 'production'),
  )
  const made = sandbox.deployments(shop).map(({ environment, sha }) => [environment, sha === mergeSha])
  t.same(made, [
    ['staging', false],
    ['staging', true],
    ['production', true],
  ])
})

t.test('a merged pull request is deployed as what it was merged as, a closed one not at all', async (t) => {
  const fleet = await startCommented(t, { config: config().replace('on: merge', 'on: manual') })
  const { sandbox } = fleet
  const { number } = await openAged(fleet)
  await sandbox.closePullRequest(shop, number)
  t.match(await answered(fleet, await say(fleet, '/deploy'), '-1'), /was closed without being merged/)
  await sandbox.reopenPullRequest(shop, number)
  const sha = await sandbox.mergePullRequest(shop, number)
  const text = await answered(fleet, await say(fleet, '/deploy'), 'confused')
  t.match(text, /staging or \/deploy production/)
  await answered(fleet, await say(fleet, '/deploy production'), '+1')
  t.match(sandbox.deployments(shop), [
    { sha, environment: 'production', payload: { branch: 'main', pull_request: 1 } },
  ])
  t.notMatch(sandbox.deployments(shop), [{ payload: { unmerged: true } }])
})
