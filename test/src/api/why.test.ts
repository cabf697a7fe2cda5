// Why something is, or is not, being deployed: asked while it happens.
import t, { type Test } from 'tap'
import { GitHubUnavailable } from '../../../src/github/failure.ts'
import { createPause } from '../../../src/github/pause.ts'
import { createLogger } from '../../../src/log/log.ts'
import type { Executor } from '../../../worker/executors/executor.ts'
import { signed } from '../../fixtures/deliveries.ts'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { isError, type Receiver, startReceiver } from '../../fixtures/receiver.ts'
import { eventFrom, jobOf, openStores } from './stores.ts'

/** Runs until the test lets it end. */
function heldExecutor() {
  let end = () => {}
  const held = new Promise<void>((resolve) => {
    end = resolve
  })
  const executor: Executor = async () => {
    await held
    return { state: 'success', description: 'Done.' }
  }
  return { executor, end: () => end() }
}

async function why(receiver: Receiver, lane = `${shop}/production`) {
  const { status, body } = await receiver.api(`/why/${lane}`)
  if (status !== 200) throw new Error(`it answered ${status}: ${body.message}`)
  return body
}

t.test('while deployments run, wait, and are over', async (t) => {
  const { executor, end } = heldExecutor()
  const { sandbox, receiver, merge, finalStates } = await startFleet(t, { rules: { executor } })

  await sandbox.openPullRequest(shop, { title: 'To be known' })
  await sandbox.whenever(() => sandbox.deliveries().some(({ event }) => event === 'pull_request'))
  const idle = await eventually(async () => {
    const answer = await why(receiver)
    return (answer.merge as { deployed: string }).deployed === 'at once' && answer
  }, 'a delivery that arrived and a worker that is connected')
  t.match(idle, {
    summary: `In production of ${shop} nothing runs. A merge now: It would be deployed at once.`,
    running: null,
    waiting: [],
    jobs: [],
    unsent: [],
    refused: [],
    finished: [],
    github: null,
    workers: 1,
  })
  t.match((await why(receiver, `${shop}/staging`)).merge, {
    deployed: 'not',
    text: /not deployed to staging/,
  })

  await merge('First')
  const first = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await sandbox.whenever(() => first.statuses.some(({ state }) => state === 'in_progress'))
  const running = await why(receiver, 'ACME/Shop/production')
  t.match(running, {
    repository: shop,
    running: {
      text: new RegExp(
        `^#${first.id} of ${first.sha.slice(0, 7)} has been running for \\d+ s on .+; the lease`,
      ),
      leaseLeftSeconds: Number,
      deployment: { id: first.id, state: 'in_progress', worker: String },
    },
    jobs: [],
    merge: { deployed: 'later', text: `It would wait for #${first.id} to end.` },
  })

  await merge('Second')
  const second = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  await sandbox.whenever(() => second.statuses.some(({ state }) => state === 'queued'))
  t.match(await why(receiver), {
    summary: new RegExp(`#${first.id} runs and #${second.id} waits\\. A merge now: It would wait`),
    waiting: [
      {
        text: new RegExp(
          `^#${second.id} of ....... waits for #${first.id} to end; its place in line is 1\\.$`,
        ),
        place: 1,
        deployment: { id: second.id, state: 'queued' },
      },
    ],
    merge: {
      text: new RegExp(`^It would wait for #${first.id} to end\\. So does #${second.id}: where a newer`),
    },
  })

  end()
  await finalStates(second.id)
  const over = await eventually(async () => {
    const answer = await why(receiver)
    return (answer.unsent as unknown[]).length === 0 && answer
  }, 'all statuses noted as sent')
  t.match(over, {
    running: null,
    waiting: [],
    finished: [
      { text: new RegExp(`^#${second.id} of ....... ended as success \\d+ s ago\\.$`) },
      { deployment: { id: first.id, state: 'success' } },
    ],
    merge: { deployed: 'at once' },
  })
})

t.test('what belongs to another is told with the reason, and work that no worker takes', async (t) => {
  const { sandbox, receiver, merge } = await startFleet(t, { workers: 0 })
  await sandbox.createDeployment(shop, {
    ref: 'main',
    auto_merge: false,
    required_contexts: [],
    environment: 'production',
    workflowRun: true,
  })
  const number = await merge('Nobody there')
  const answer = await eventually(async () => {
    const answer = await why(receiver)
    const found = (answer.jobs as unknown[]).length > 0 && (answer.refused as unknown[]).length > 0
    return found && answer
  }, 'the job of the merge and the trace of the foreign deployment')
  t.match(answer, {
    workers: 0,
    jobs: [
      {
        name: 'start-deployment',
        state: 'waiting',
        number,
        text: new RegExp(
          `pull request #${number} \\(.*\\) is to be created at GitHub: no worker runs; start one`,
        ),
      },
    ],
    refused: [
      {
        event: 'deployment',
        outcome: 'ignored',
        text: /deployment created was ignored: A GitHub Actions workflow made this deployment/,
      },
    ],
    merge: { deployed: 'later', text: 'It would wait until a worker is started: none runs.' },
  })
})

t.test('a repository that never sent anything', async (t) => {
  const receiver = await startReceiver(t)
  t.match(await why(receiver, 'acme/never/production'), {
    repository: 'acme/never',
    summary: /^No delivery of acme\/never has ever arrived: is the webhook set up/,
    running: null,
    waiting: [],
    merge: { deployed: 'not', text: /^No delivery of acme\/never has ever arrived/ },
  })
})

t.test('statuses that GitHub does not have, and why', async (t) => {
  const { receiver, stores } = await shopWithoutWorker(t)
  const { redis, keys, records, queues } = stores
  await records.accept(jobOf(5))
  t.match((await why(receiver)).unsent, [
    { states: ['pending'], text: 'GitHub does not have pending of #5 yet: a worker is about to send them.' },
  ])
  const queued = await queues.deployments.add('process-deployment', jobOf(5), {
    jobId: 'deployment-5',
    delay: 90_000,
  })
  t.match(await why(receiver), {
    unsent: [
      { text: /^GitHub does not have pending of #5 yet: it is tried again in \d\d s, after 0 attempts/ },
    ],
    jobs: [{ id: 'deployment-5', state: 'delayed', nextTryAt: /Z$/ }],
  })
  const [job] = (await why(receiver)).jobs as { nextTryAt: string }[]
  t.ok(Math.abs(Date.parse(job?.nextTryAt ?? '') - queued.timestamp - 90_000) < 2000, 'it says when')

  const pause = createPause(redis, receiver.prefix, createLogger('silent', 'worker'))
  await pause.begin(new GitHubUnavailable('rate-limited', 'Too much.', { retryAfterMs: 60_000 }))
  const text = /GitHub is left alone for \d+ s more, because its rate limit is used up\.$/
  t.match(await why(receiver), { unsent: [{ text }], github: text })

  await redis.hset(keys.record(5), 'unreportable', 'GitHub answered 404 to POST.')
  t.match((await why(receiver)).unsent, [
    { text: /of #5 yet and never will: GitHub answered 404 to POST\.$/ },
  ])
})

t.test('an environment of any name', async (t) => {
  const { receiver, stores } = await shopWithoutWorker(t)
  for (const [index, environment] of ['review/1', 'a b:c?', 'é🚀', 'x'.repeat(255)].entries()) {
    await stores.records.accept(jobOf(index + 1, { environment }))
    const answer = await why(receiver, `acme/shop/${encodeURIComponent(environment)}`)
    t.match(answer, { environment, unsent: [{ deployment: { id: index + 1, environment } }] })
  }
  t.match(await why(receiver, 'acme/shop/review/1'), { environment: 'review/1' })
  isError(t, await receiver.api('/why/acme/shop/'), 404, /^Ask for \/api\/why\/OWNER/)
  isError(t, await receiver.api('/why/acme/shop'), 404, /./)
  isError(t, await receiver.api('/why/a%2Fb/shop/production'), 404, /^Ask for/)
})

async function shopWithoutWorker(t: Test) {
  const receiver = await startReceiver(t)
  await receiver.deliver(signed('push', eventFrom()))
  return { receiver, stores: await openStores(t, receiver) }
}
