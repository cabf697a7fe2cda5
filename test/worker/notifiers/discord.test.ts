import t from 'tap'
import { noticeStates } from '../../../src/notices/notice.ts'
import { createDiscordNotifier } from '../../../worker/notifiers/discord.ts'
import { ChannelTrouble } from '../../../worker/notifiers/notifier.ts'
import { startDiscord } from '../../fixtures/chats/discord.ts'
import { allOf, someTools, tellingOf, whyNot } from '../../fixtures/notices.ts'

t.test('Discord takes what is posted of each state', async (t) => {
  const discord = await startDiscord(t)
  const tell = createDiscordNotifier({ kind: 'discord', url: discord.webhookUrl }, someTools)
  for (const state of noticeStates) await tell(tellingOf({ state }))
  t.same(discord.refusals, [])
  t.equal(discord.messages.length, noticeStates.length)
  const failure = discord.messages[noticeStates.indexOf('failure')]
  t.match(failure?.content, '<@123456789012345678>, hubot\\: your changes')
  t.same(failure?.allowed_mentions, { parse: [], users: ['123456789012345678'] })
  t.match(failure?.content, '[Log](<https://deploy.example.com/deployments/42>)')
  t.match(failure?.content, /^\*\*The deployment of [^*]*\*\*$/m, 'the title is bold as a whole')
  const success = discord.messages[noticeStates.indexOf('success')]
  t.same(success?.allowed_mentions, { parse: [], users: [] })
})

t.test('a long message is shortened until Discord takes it', async (t) => {
  const discord = await startDiscord(t)
  const tell = createDiscordNotifier({ kind: 'discord', url: discord.webhookUrl }, someTools)
  const commits = Array.from({ length: 55 }, () => ({
    sha: 'c'.repeat(40),
    title: '*'.repeat(250),
    author: 'a',
  }))
  await tell(tellingOf({ changes: { base: 'b', total: 500, commits } }))
  await tell(tellingOf({ environment: '*'.repeat(1000), ref: '*'.repeat(1000) }))
  t.same(discord.refusals, [])
  t.match(discord.messages[0]?.content, /…\n\[Log\]/)
})

t.test('what goes wrong is told apart, and never with the address', async (t) => {
  const discord = await startDiscord(t)
  const tell = createDiscordNotifier({ kind: 'discord', url: discord.webhookUrl }, someTools)
  const answer = { kind: 'answer' } as const
  const limited = '{"message":"You are being rate limited.","retry_after":1.337,"global":false}'
  discord.fail(
    { ...answer, status: 429, headers: { 'retry-after': '9' }, body: limited },
    { ...answer, status: 429, headers: { 'retry-after': '9' }, body: '<html>' },
    { ...answer, status: 502 },
    { ...answer, status: 404, body: '{"message":"Unknown Webhook","code":10015}' },
    { ...answer, status: 400, body: '{"message":"Invalid Form Body","code":50035}' },
    { kind: 'cut' },
    { kind: 'lost' },
  )
  const errors = []
  for (let count = 0; count < 7; count++) errors.push(await whyNot(tell(tellingOf())))
  const facts = errors.map((error) =>
    error instanceof ChannelTrouble ? [error.isCertain, error.retryAfterMs] : 'refused',
  )
  const unsure = [false, undefined]
  t.same(facts, [[true, 1337], [true, 9000], unsure, [true, undefined], 'refused', unsure, unsure])
  t.match(errors[3]?.message, /10015.*webhook/)
  for (const error of errors) t.notMatch(allOf(error), /a-token-of/, error.message)
})

t.test('a server that is down or slow is trouble; an answer that breaks off is one', async (t) => {
  const discord = await startDiscord(t)
  const tell = createDiscordNotifier({ kind: 'discord', url: discord.webhookUrl }, someTools)
  discord.fail({ kind: 'truncated' }, { kind: 'silent' })
  await tell(tellingOf())
  t.equal(discord.messages.length, 1)
  const slow = await whyNot(tell(tellingOf({}, { signal: AbortSignal.timeout(100) })))
  t.match(slow, { isCertain: false, message: /no answer in time/ })
  await discord.stop()
  const down = await whyNot(tell(tellingOf()))
  t.match(down, { isCertain: true, message: 'Discord could not be reached (ECONNREFUSED).' })
  t.notMatch(allOf(down), /a-token-of/)
})
