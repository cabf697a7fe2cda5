import t from 'tap'
import { noticeStates } from '../../../src/notices/notice.ts'
import { ChannelTrouble } from '../../../worker/notifiers/notifier.ts'
import { createTeamsNotifier } from '../../../worker/notifiers/teams.ts'
import { startTeams } from '../../fixtures/chats/teams.ts'
import { allOf, someTools, tellingOf, whyNot } from '../../fixtures/notices.ts'

t.test('Teams takes the card of each state', async (t) => {
  const teams = await startTeams(t)
  const tell = createTeamsNotifier({ kind: 'teams', url: teams.webhookUrl }, someTools)
  for (const state of noticeStates) await tell(tellingOf({ state }))
  t.same(teams.refusals, [])
  t.equal(teams.cards.length, noticeStates.length)
  const failure = teams.cards[noticeStates.indexOf('failure')]
  t.same(failure?.msteams.entities, [
    { type: 'mention', text: '<at>octocat</at>', mentioned: { id: 'octo@example.com', name: 'octocat' } },
  ])
  t.match(failure?.actions, [
    { title: 'Log', url: 'https://deploy.example.com/deployments/42' },
    { title: 'Changes' },
    { title: 'Pull request #7' },
  ])
})

t.test('a long message is shortened until Teams takes it', async (t) => {
  const teams = await startTeams(t)
  const tell = createTeamsNotifier({ kind: 'teams', url: teams.webhookUrl }, someTools)
  const commits = Array.from({ length: 55 }, () => ({
    sha: 'c'.repeat(40),
    title: 'é'.repeat(1000),
    author: 'a',
  }))
  await tell(tellingOf({ changes: { base: 'b', total: 500, commits } }))
  t.same(teams.refusals, [])
  t.ok(teams.cards[0]?.actions, 'its buttons stay')
})

t.test('what goes wrong is told apart, and never with the address', async (t) => {
  const teams = await startTeams(t)
  const tell = createTeamsNotifier({ kind: 'teams', url: teams.webhookUrl }, someTools)
  const answer = { kind: 'answer' } as const
  const inner =
    'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with'
  teams.fail(
    { ...answer, status: 429, headers: { 'retry-after': '5' } },
    { ...answer, status: 200, body: inner },
    { ...answer, status: 502 },
    { ...answer, status: 404, body: '{"error":{"code":"WorkflowNotFound"}}' },
    { ...answer, status: 400, body: '{"error":{"code":"TriggerInputSchemaMismatch"}}' },
    { kind: 'cut' },
    { kind: 'lost' },
  )
  const errors = []
  for (let count = 0; count < 7; count++) errors.push(await whyNot(tell(tellingOf())))
  const facts = errors.map((error) =>
    error instanceof ChannelTrouble ? [error.isCertain, error.retryAfterMs] : 'refused',
  )
  const unsure = [false, undefined]
  t.same(facts, [[true, 5000], [true, 30_000], unsure, [true, undefined], 'refused', unsure, unsure])
  t.match(errors[3]?.message, /workflow/)
  for (const error of errors) t.notMatch(allOf(error), /a-signature/, error.message)
})

t.test('a server that is down or slow is trouble; an answer that breaks off is one', async (t) => {
  const teams = await startTeams(t)
  const tell = createTeamsNotifier({ kind: 'teams', url: teams.webhookUrl }, someTools)
  teams.fail({ kind: 'truncated' }, { kind: 'silent' })
  await tell(tellingOf())
  t.equal(teams.cards.length, 1)
  const slow = await whyNot(tell(tellingOf({}, { signal: AbortSignal.timeout(100) })))
  t.match(slow, { isCertain: false, message: /no answer in time/ })
  await teams.stop()
  const down = await whyNot(tell(tellingOf()))
  t.match(down, { isCertain: true, message: 'Teams could not be reached (ECONNREFUSED).' })
  t.notMatch(allOf(down), /a-signature/)
})
