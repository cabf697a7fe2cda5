import t from 'tap'
import { noticeStates } from '../../../src/notices/notice.ts'
import { ChannelTrouble, NoticeRefused } from '../../../worker/notifiers/notifier.ts'
import { createSlackNotifier } from '../../../worker/notifiers/slack.ts'
import { startSlack } from '../../fixtures/chats/slack.ts'
import { allOf, someTools, tellingOf, whyNot } from '../../fixtures/notices.ts'

t.test('Slack takes what is posted of each state', async (t) => {
  const slack = await startSlack(t)
  const tell = createSlackNotifier({ kind: 'slack', url: slack.webhookUrl }, someTools)
  for (const state of noticeStates) await tell(tellingOf({ state }))
  t.same(slack.refusals, [])
  t.equal(slack.posts.length, noticeStates.length)
  const failure = JSON.stringify(slack.posts[noticeStates.indexOf('failure')]?.blocks)
  t.match(failure, '{"type":"user","user_id":"U012AB3CD"}', 'who is known is mentioned')
  t.match(failure, 'hubot', 'who is not is named')
  t.match(failure, '"url":"https://deploy.example.com/deployments/42","text":"Log"')
})

t.test('a long message is shortened until Slack takes it', async (t) => {
  const slack = await startSlack(t)
  const tell = createSlackNotifier({ kind: 'slack', url: slack.webhookUrl }, someTools)
  const commits = Array.from({ length: 55 }, () => ({
    sha: 'c'.repeat(40),
    title: 'é<'.repeat(200),
    author: 'a',
  }))
  await tell(tellingOf({ changes: { base: 'b', total: 500, commits }, description: 'x'.repeat(5000) }))
  t.same(slack.refusals, [])
  const text = JSON.stringify(slack.posts[0]?.blocks)
  t.match(text, '"text":"Log"', 'its links stay')
  t.match(text, '…')
})

t.test('what goes wrong is told apart, and never with the address', async (t) => {
  const slack = await startSlack(t)
  const tell = createSlackNotifier({ kind: 'slack', url: slack.webhookUrl }, someTools)
  const answer = { kind: 'answer' } as const
  slack.fail(
    { ...answer, status: 429, headers: { 'retry-after': '7' } },
    { ...answer, status: 429 },
    { ...answer, status: 500, body: 'rollup_error' },
    { ...answer, status: 404, body: 'no_service' },
    { ...answer, status: 400, body: 'invalid_blocks' },
    { kind: 'cut' },
    { kind: 'lost' },
  )
  const errors = []
  for (let count = 0; count < 7; count++) errors.push(await whyNot(tell(tellingOf())))
  const facts = errors.map((error) =>
    error instanceof ChannelTrouble ? [error.isCertain, error.retryAfterMs] : 'refused',
  )
  const [limited, unsaid, broken, gone, refused, cut, lost] = facts
  t.same(
    [limited, unsaid],
    [
      [true, 7000],
      [true, 30_000],
    ],
  )
  t.same([broken, gone, refused], [[false, undefined], [true, undefined], 'refused'])
  t.same(
    [cut, lost],
    [
      [false, undefined],
      [false, undefined],
    ],
    'nobody knows whether it arrived',
  )
  t.match(errors[3]?.message, /no_service.*webhook/)
  for (const error of errors) t.notMatch(allOf(error), /XXXXXX/, error.message)
})

t.test('a server that is down or slow is trouble; an answer that breaks off is one', async (t) => {
  const slack = await startSlack(t)
  const tell = createSlackNotifier({ kind: 'slack', url: slack.webhookUrl }, someTools)
  slack.fail({ kind: 'truncated' }, { kind: 'silent' })
  await tell(tellingOf())
  t.equal(slack.posts.length, 1, 'the status said that it was taken')
  const slow = await whyNot(tell(tellingOf({}, { signal: AbortSignal.timeout(100) })))
  t.match(slow, { isCertain: false, message: /no answer in time/ })
  await slack.stop()
  const down = await whyNot(tell(tellingOf()))
  t.match(down, { isCertain: true, message: 'Slack could not be reached (ECONNREFUSED).' })
  t.notMatch(allOf(down), /XXXXXX/)
  t.notOk(down instanceof NoticeRefused)
})
