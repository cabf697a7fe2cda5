import t, { type Test } from 'tap'
import { noticeStates } from '../../../src/notices/notice.ts'
import { render } from '../../../src/notices/render.ts'
import { ChannelTrouble, type Notifier, type Telling } from '../../../worker/notifiers/notifier.ts'
import { createSlackBotNotifier } from '../../../worker/notifiers/slack-bot.ts'
import { type SlackServer, startSlack } from '../../fixtures/chats/slack.ts'
import { allOf, someNotice, someTelling, someTools, tellingOf, whyNot } from '../../fixtures/notices.ts'

const channel = 'C0123456789'

async function start(
  t: Test,
  buttons = false,
): Promise<{ slack: SlackServer; tell: Notifier; memory: Telling['memory'] }> {
  const slack = await startSlack(t)
  const { token, apiUrl } = slack
  const tell = createSlackBotNotifier({ kind: 'slack-bot', token, channel, buttons, apiUrl }, someTools)
  return { slack, tell, memory: tellingOf({}).memory }
}

t.test(
  'a deployment is one message that is brought up to date, and replies for what people must see',
  async (t) => {
    const { slack, tell, memory } = await start(t)
    for (const state of ['pending', 'queued', 'in_progress', 'failure'] as const) {
      await tell(tellingOf({ state }, { memory }))
    }
    t.same(slack.refusals, [])
    const [root, waiting, failure, ...others] = slack.posts
    t.same(others, [])
    t.equal(root?.updates, 3)
    t.match(root?.text, /has failed/, 'the message says how it stands')
    t.same([waiting?.thread_ts, failure?.thread_ts], [root?.ts, root?.ts])
    t.match(waiting?.text, /is waiting/)
    t.match(JSON.stringify(failure?.blocks), /"user_id":"U012AB3CD"/)
  },
)

t.test('with buttons, what may be done stands below the message, and changes with it', async (t) => {
  const { slack, tell, memory } = await start(t, true)
  const labels = (post: unknown) =>
    [...JSON.stringify(post).matchAll(/"action_id":"livraison:(\w+)"/g)].map(([, name]) => name)
  const description = 'Waits for an approval from @acme/leads.'
  await tell(tellingOf({ state: 'queued', description }, { memory }))
  t.same(labels(slack.posts[0]), ['approve', 'reject', 'cancel'])
  await tell(tellingOf({ state: 'in_progress' }, { memory }))
  t.same(labels(slack.posts[0]), ['cancel'])
  await tell(tellingOf({ state: 'error' }, { memory }))
  t.same(labels(slack.posts[0]), [])
  t.same(labels(slack.posts.slice(1)), [], 'replies have none')
  t.same(slack.refusals, [])
})

t.test('another deployment has another message, and what made none as well', async (t) => {
  const { slack, tell } = await start(t)
  await tell(tellingOf({ deployment: 1 }))
  await tell(tellingOf({ deployment: 2 }))
  const { deployment: _, ...rest } = someNotice({ state: 'skipped' })
  await tell(someTelling(rest, render(rest, {})))
  t.same(
    slack.posts.map(({ thread_ts }) => thread_ts),
    [undefined, undefined, undefined],
  )
})

t.test('a deployment whose first notice is its failure has no reply', async (t) => {
  const { slack, tell, memory } = await start(t)
  await tell(tellingOf({ state: 'failure' }, { memory }))
  await tell(tellingOf({ state: 'failure' }, { memory, uncertain: true }))
  t.equal(slack.posts.length, 1)
})

t.test('Slack takes what is posted of each state', async (t) => {
  const { slack, tell } = await start(t)
  for (const [deployment, state] of noticeStates.entries()) await tell(tellingOf({ state, deployment }))
  t.same(slack.refusals, [])
  t.equal(slack.posts.length, noticeStates.length)
})

for (const kind of ['lost', 'truncated', 'silent'] as const) {
  t.test(`nothing is posted twice when the answer is ${kind}`, async (t) => {
    const { slack, tell, memory } = await start(t)
    const signal = () => (kind === 'silent' ? AbortSignal.timeout(500) : new AbortController().signal)
    slack.fail({ kind })
    const first = await whyNot(tell(tellingOf({ state: 'pending' }, { memory, signal: signal() })))
    t.match(first, { isCertain: false })
    await tell(tellingOf({ state: 'pending' }, { memory, uncertain: true }))
    t.equal(slack.posts.length, 1, 'the message was found')
    // The update is answered, the reply is not.
    slack.fail({ kind: 'answer', status: 500 })
    t.match(await whyNot(tell(tellingOf({ state: 'failure' }, { memory }))), { isCertain: false })
    await tell(tellingOf({ state: 'failure' }, { memory, uncertain: true }))
    t.equal(slack.posts.length, 2)
    await tell(tellingOf({ state: 'failure' }, { memory, uncertain: true }))
    t.equal(slack.posts.length, 2)
    const other = { read: memory.read, write: async () => {} }
    await tell(tellingOf({ state: 'error' }, { memory: other }))
    await tell(tellingOf({ state: 'error' }, { memory: other, uncertain: true }))
    t.equal(slack.posts.length, 3, 'a reply that is not remembered is found')
  })
}

t.test('the message is found behind many others, and not another one', async (t) => {
  const { slack, tell } = await start(t)
  slack.fail({ kind: 'lost' })
  await whyNot(tell(tellingOf({ deployment: 999 })))
  for (let deployment = 1; deployment <= 120; deployment++) await tell(tellingOf({ deployment }))
  await tell(tellingOf({ deployment: 999 }, { uncertain: true }))
  t.equal(slack.posts.length, 121)
})

t.test('where it may not read, it posts once more', async (t) => {
  const { slack, tell, memory } = await start(t)
  slack.without.add('channels:history')
  slack.fail({ kind: 'lost' })
  await whyNot(tell(tellingOf({}, { memory })))
  await tell(tellingOf({}, { memory, uncertain: true }))
  t.equal(slack.posts.length, 2)
})

t.test('where it cannot find the channel to look into, posting says so', async (t) => {
  const { slack, tell } = await start(t)
  slack.refuse('conversations.history', 'channel_not_found')
  slack.refuse('chat.postMessage', 'channel_not_found')
  t.match(await whyNot(tell(tellingOf({}, { uncertain: true }))), { isCertain: true, message: /C0123456789/ })
})

t.test('a message that was deleted is begun anew', async (t) => {
  const { slack, tell, memory } = await start(t)
  await tell(tellingOf({ state: 'pending' }, { memory }))
  slack.posts.length = 0
  await tell(tellingOf({ state: 'failure' }, { memory }))
  await tell(tellingOf({ state: 'inactive' }, { memory }))
  t.equal(slack.posts.length, 1)
  t.equal(slack.posts[0]?.updates, 1)
})

t.test('what Slack refuses is told apart, and said with what to do', async (t) => {
  const { slack, tell } = await start(t)
  const cases = [
    ['invalid_auth', 'bot token'],
    ['channel_not_found', 'C0123456789'],
    ['not_in_channel', '/invite'],
    ['missing_scope', 'chat:write'],
    ['something_new', 'something_new'],
  ] as const
  for (const [error, advice] of cases) {
    slack.refuse('chat.postMessage', error)
    const trouble = await whyNot(tell(tellingOf({})))
    t.match(trouble, { isCertain: true })
    t.ok(trouble.message.includes(advice), trouble.message)
    t.notMatch(allOf(trouble), slack.token)
  }
  for (const error of ['msg_too_long', 'invalid_blocks']) {
    slack.refuse('chat.postMessage', error)
    t.equal((await whyNot(tell(tellingOf({})))).name, 'NoticeRefused', error)
  }
  slack.refuse('chat.postMessage', 'fatal_error')
  t.match(await whyNot(tell(tellingOf({}))), { isCertain: false })
  slack.refuse('chat.postMessage', 'ratelimited')
  t.match(await whyNot(tell(tellingOf({}))), { isCertain: true, retryAfterMs: 30_000 })
})

t.test('limits, outages and nonsense are trouble', async (t) => {
  const { slack, tell } = await start(t)
  slack.fail(
    { kind: 'answer', status: 429, headers: { 'retry-after': '12' } },
    { kind: 'answer', status: 429 },
    { kind: 'answer', status: 503, body: `<html>${slack.token}</html>` },
    { kind: 'answer', status: 200, body: `<html>${slack.token}</html>` },
    { kind: 'cut' },
  )
  const errors = []
  for (let count = 0; count < 5; count++) errors.push(await whyNot(tell(tellingOf({}))))
  await slack.stop()
  errors.push(await whyNot(tell(tellingOf({}))))
  const facts = errors.map(
    (error) => error instanceof ChannelTrouble && [error.isCertain, error.retryAfterMs],
  )
  const unsure = [false, undefined]
  t.same(facts, [[true, 12_000], [true, 30_000], unsure, unsure, unsure, [true, undefined]])
  for (const error of errors) t.notMatch(allOf(error), slack.token, error.message)
})
