import t, { type Test } from 'tap'
import type { ChannelTarget, PersonRules } from '../../../src/config/rules.ts'
import type { Message, Span } from '../../../src/notices/message.ts'
import { signatureOf } from '../../../src/signature-of.ts'
import { createHubotNotifier, roomOf } from '../../../worker/notifiers/hubot.ts'
import { hubotText } from '../../../worker/notifiers/hubot-text.ts'
import { ChannelTrouble, NoticeRefused, type Telling } from '../../../worker/notifiers/notifier.ts'
import { aNotice } from '../../fixtures/channels.ts'
import { hubotSecret, startHubot } from '../../fixtures/hubot.ts'
import { startToldServer } from '../../fixtures/told-server.ts'

type Target = Extract<ChannelTarget, { kind: 'hubot' }>

const target = (url: string, more: Partial<Target> = {}): Target => ({
  ...{ kind: 'hubot', url, secret: hubotSecret, room: 'ops', rooms: [] },
  ...more,
})
const people: PersonRules[] = [
  {
    github: 'octocat',
    hubot: 'octo',
    slack: undefined,
    discord: undefined,
    teams: undefined,
    email: undefined,
  },
]
const tools = { people: () => people }

const words = (...spans: Span[]): Message => ({ title: spans, lines: [] })
const text = (value: string): Span => ({ kind: 'text', text: value })

function telling(id: string, message: Message, more: Parameters<typeof aNotice>[1] = {}): Telling {
  return {
    notice: aNotice(id, more),
    message,
    uncertain: false,
    memory: { read: async () => ({}), write: async () => {} },
    signal: new AbortController().signal,
  }
}

t.test('a notice is said by Hubot, once, in the room where it was asked for', async (t) => {
  const hubot = await startHubot(t)
  const tell = createHubotNotifier(target(`${hubot.url}/`, { rooms: ['deploy-*', '#dev'] }), tools)
  const message: Message = {
    title: [text('shop is deployed by '), { kind: 'person', login: 'OctoCat' }],
    lines: [[{ kind: 'link', text: 'log', url: 'https://livraison.example/x?a=1&b=2' }]],
  }
  const said = 'shop is deployed by @octo\nlog (https://livraison.example/x?a=1&b=2)'
  await tell(telling('one', message))
  await tell({ ...telling('one', message), uncertain: true })
  t.strictSame(await hubot.said(), [{ room: 'ops', said }])
  await tell(telling('two', message, { askedIn: { room: 'deploy-shop' } }))
  await tell(telling('three', message, { askedIn: { room: 'dev' } }))
  await tell(telling('four', message, { askedIn: { room: 'boardroom' } }))
  t.strictSame(
    (await hubot.said()).map(({ room }) => room),
    ['ops', 'deploy-shop', 'dev', 'ops'],
  )
})

t.test('which room it is', async (t) => {
  const of = (room: string | undefined, rooms: string[]) =>
    roomOf(room === undefined ? {} : { askedIn: { room } }, target('http://hubot', { rooms }))
  t.equal(of(undefined, ['*']), 'ops')
  t.equal(of('dev', []), 'ops', 'no room was named')
  t.equal(of('dev', ['dev']), 'dev')
  t.equal(of('#dev', ['dev']), '#dev')
  t.equal(of('dev', ['#d*']), 'dev')
  t.equal(of('secret', ['*', '!secret']), 'ops')
})

t.test('hostile text means nothing in any chat', async (t) => {
  const of = (value: string) => hubotText(words(text(value)), people)
  t.equal(
    of('<!channel> <@U0BOSS001> <https://evil.example|click>'),
    '‹!channel› ‹@\u200bU0BOSS001› ‹https://evil.example|click›',
  )
  t.equal(of('@everyone @here @octo'), '@\u200beveryone @\u200bhere @\u200bocto')
  t.equal(of('a @ b, 3 < 4 & 5'), 'a @ b, 3 ‹ 4 & 5', 'what means nothing stays')
  t.equal(of('&lt;!here&gt; &#64;all'), '&\u200blt;!here&\u200bgt; &\u200b#64;all')
  t.equal(of('[log](https://evil.example)'), '[log]\u200b(https://evil.example)')
  t.equal(of('one\r\ntwo\u0000\u001b[31m\u202egnp.exe'), 'one  two  [31m gnp.exe')
  const link = hubotText(words({ kind: 'link', text: '@here', url: 'https://x.example/@all<b>' }), people)
  t.equal(link, '@\u200bhere (https://x.example/%40all%3Cb%3E)')
  t.equal(hubotText(words({ kind: 'person', login: 'stranger' }), people), 'stranger')
  t.equal(
    hubotText(words({ kind: 'link', text: 'https://x.example/', url: 'https://x.example/' }), people),
    'https://x.example/',
  )
})

async function troubleOf(
  t: Test,
  status: number,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  const told = await startToldServer(t)
  told.answer = (response) => void response.writeHead(status, headers).end('{}')
  try {
    await createHubotNotifier(target(told.url), tools)(telling('one', words(text('done'))))
    return undefined
  } catch (error) {
    return error
  }
}

t.test('what Hubot answers is trouble, or an end', async (t) => {
  t.equal(await troubleOf(t, 204), undefined)
  for (const status of [400, 413]) t.ok((await troubleOf(t, status)) instanceof NoticeRefused, String(status))
  t.match(await troubleOf(t, 404), { name: 'NoticeRefused', message: /HUBOT_LIVRAISON_ROOMS/ })
  t.match(await troubleOf(t, 404, { 'content-type': 'text/html' }), {
    name: 'ChannelTrouble',
    isCertain: true,
    message: /it has not, or not yet, the script/,
  })
  t.match(await troubleOf(t, 401), {
    name: 'ChannelTrouble',
    isCertain: true,
    message: /does not believe us/,
  })
  t.match(await troubleOf(t, 429, { 'retry-after': '7' }), { retryAfterMs: 7000, isCertain: true })
  t.match(await troubleOf(t, 503), { isCertain: true })
  t.match(await troubleOf(t, 502), { isCertain: false })
  t.match(await troubleOf(t, 302), { name: 'ChannelTrouble' })
  const gone = await startToldServer(t)
  await gone.close()
  const error = await createHubotNotifier(
    target(gone.url),
    tools,
  )(telling('one', words(text('x')))).catch((each) => each)
  t.ok(error instanceof ChannelTrouble && error.isCertain)
  t.notMatch(error.message, /127\.0\.0\.1/)
})

t.test('it is signed, as what it is, and passes the password that Hubot wants', async (t) => {
  const told = await startToldServer(t)
  const url = told.url.replace('http://', 'http://bot:p%40ss@')
  await createHubotNotifier(
    target(`${url}/below/`, { secret: `${hubotSecret}, another` }),
    tools,
  )(telling('one', words(text('Zwölf'))))
  const [post] = told.posts
  t.match(post, { path: '/below/livraison/notices', body: { id: 'one', room: 'ops', text: 'Zwölf' } })
  const timestamp = String(post?.headers['x-livraison-timestamp'])
  t.equal(post?.headers['x-livraison-signature-256'], signatureOf(hubotSecret, timestamp, post?.raw ?? ''))
  t.equal(post?.headers.authorization, `Basic ${Buffer.from('bot:p@ss').toString('base64')}`)
  t.equal(post?.headers['content-type'], 'application/vnd.livraison.notice+json')
  const hubot = await startHubot(t, { env: { EXPRESS_USER: 'bot', EXPRESS_PASSWORD: 'p@ss' } })
  const open = createHubotNotifier(target(hubot.url), tools)
  t.match(await open(telling('two', words(text('x')))).catch((each) => each), { message: /401/ })
  await createHubotNotifier(
    target(hubot.url.replace('http://', 'http://bot:p%40ss@')),
    tools,
  )(telling('two', words(text('x'))))
  t.equal((await hubot.said()).length, 1)
})

t.test('a long notice is cut, and its last line stays', async (t) => {
  const hubot = await startHubot(t)
  const lines = Array.from({ length: 300 }, (_, index) => [text(`commit ${index} ${'x'.repeat(100)}`)])
  const message = { title: [text('done')], lines: [...lines, [text('the links')]] }
  await createHubotNotifier(target(hubot.url), tools)(telling('one', message))
  const [{ said = '' } = {}] = await hubot.said()
  t.ok(said.length <= 4000)
  t.match(said, /^done\n[\s\S]*the links$/)
})
