import t, { type Test } from 'tap'
import { render } from '../../../src/notices/render.ts'
import { createDiscordNotifier } from '../../../worker/notifiers/discord.ts'
import { createEmailNotifier } from '../../../worker/notifiers/email.ts'
import { createSlackNotifier } from '../../../worker/notifiers/slack.ts'
import { createSlackBotNotifier } from '../../../worker/notifiers/slack-bot.ts'
import { createTeamsNotifier } from '../../../worker/notifiers/teams.ts'
import { startDiscord } from '../../fixtures/chats/discord.ts'
import { startSlack } from '../../fixtures/chats/slack.ts'
import { headersOf, startMailSink } from '../../fixtures/chats/smtp.ts'
import { startTeams } from '../../fixtures/chats/teams.ts'
import { someNotice, somePeople, someTelling } from '../../fixtures/notices.ts'

// What somebody writes into a title, a branch's or a person's name, or a description does nothing in any channel.

const hostile: Record<string, string> = {
  'a broadcast of Slack': '<!channel> <!here|here> <!everyone>',
  'a mention of Slack': '<@U1> <@U012AB3CD> <#C1|x> <!subteam^S1>',
  'a link of Slack': '<https://evil.example|click> &lt;!channel&gt;',
  'everyone of Discord': '@everyone @here <@&1> <@1> <@!123456789012345678>',
  'an emoji and a time of Discord': '<:x:1> <a:x:1> <t:1618953630:R> </deploy:1> <#1> <id:home>',
  'an invitation': 'discord.gg/evil https://discord.gg/evil',
  'an address': 'https://evil.example/path http://evil.example www.evil.example',
  Markdown:
    '**b** __u__ *i* _i_ ~~s~~ ||spoiler|| `c` ```block``` [x](https://evil.example) ![x](https://evil.example)',
  'Markdown of the beginning of a line': '# h\n- l\n> q\n-# small\n1. x\n***\n```\ncode\n```',
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)><a href="https://evil.example">x</a></p><!--',
  'a mention of Teams':
    '<at>octocat</at> <at id="0">x</at> {{DATE(2017-02-14T06:08:00Z, SHORT)}} \u0024{evil}',
  'a header': 'x\r\nBcc: victim@example.com\r\n\r\nbody',
  'the end of a message': 'x\r\n.\r\nQUIT\r\nRSET',
  'the other direction': '\u202eevil\u2066\u200f\u061c',
  'what nobody sees': 'a\u200bb\u0000c\u001b[31m\ufeff\u{e0041}\u{f0041}\u{100041}\ud800',
  'an emoji': ':tada: :+1: :x:',
  'a template': '{{ by }} {% raw %} {{ by | person }} \u0024{by}',
  'something long': 'x<'.repeat(20_000),
}

const unseen = /[\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{f0000}-\u{10ffff}]/u

/** A failure that mentions one person, with the text everywhere where somebody can write. */
function noticeWith(text: string) {
  const notice = someNotice({
    state: 'failure',
    authors: ['octocat'],
    description: text,
    what: text,
    ref: text,
  })
  const commits = [{ sha: 'c'.repeat(40), title: text, author: text }]
  const askedIn = { room: text, user: text }
  return { ...notice, by: text, environment: text, changes: { base: 'b', total: 1, commits }, askedIn }
}

const tools = { people: () => somePeople }

function tellingOf(text: string) {
  const notice = noticeWith(text)
  return someTelling(notice, render(notice, {}))
}

/** Tells each hostile text by a new message. */
async function forEach(
  t: Test,
  tell: (telling: ReturnType<typeof tellingOf>) => Promise<void>,
  look: (t: Test, name: string) => void,
) {
  for (const [name, text] of Object.entries(hostile)) {
    await tell(tellingOf(text))
    await t.test(name, async (t) => look(t, name))
  }
}

function lookAtSlack(t: Test, post: { text: string; blocks: unknown } | undefined): void {
  const blocks = JSON.stringify(post?.blocks)
  t.notMatch(blocks, '"type":"broadcast"')
  const users = blocks.match(/"user_id":"\w+"/g)
  t.same(users, ['"user_id":"U012AB3CD"'], 'only the author is mentioned')
  for (const [, url] of blocks.matchAll(/"url":"([^"]*)"/g)) t.notMatch(url, /^https?:\/\/(www\.)?evil/)
  t.notMatch(post?.text, /[<>]|:(tada|x|\+1):/)
  t.notMatch(post?.text.replace(/&(amp|lt|gt);/g, ''), '&')
  t.notMatch(blocks, unseen)
}

t.test('in Slack, by a webhook', async (t) => {
  const slack = await startSlack(t)
  const tell = createSlackNotifier({ kind: 'slack', url: slack.webhookUrl }, tools)
  await forEach(t, tell, (t) => lookAtSlack(t, slack.posts.at(-1)))
  t.same(slack.refusals, [])
})

t.test('in Slack, by a bot', async (t) => {
  const slack = await startSlack(t)
  const { token, apiUrl } = slack
  const tell = createSlackBotNotifier(
    { kind: 'slack-bot', token, channel: 'C0123456789', buttons: true, apiUrl },
    tools,
  )
  await forEach(t, tell, (t) => lookAtSlack(t, slack.posts.at(-1)))
  t.same(slack.refusals, [])
  t.equal(slack.posts.length, Object.keys(hostile).length)
})

t.test('in Discord', async (t) => {
  const discord = await startDiscord(t)
  const tell = createDiscordNotifier({ kind: 'discord', url: discord.webhookUrl }, tools)
  await forEach(t, tell, (t, name) => {
    const { content = '', allowed_mentions } = discord.messages.at(-1) ?? {}
    if (name === 'something long') return void t.ok(content.length <= 2000)
    t.same(allowed_mentions, { parse: [], users: ['123456789012345678'] })
    const links = content.match(/\]\(<[^>]*>\)/g) ?? []
    t.ok(links.length > 0)
    for (const link of links) t.match(link, /^\]\(<https:\/\/(github|deploy|shop)/)
    // Without our own bold title, links and mention, and without what is escaped, no sign of markup is left.
    const rest = content
      .replace(/^\*\*|\*\*$/gm, '')
      .replace(/\\[^A-Za-z0-9\s]/g, '')
      .replace(/\[([^\]]*)\]\(<[^>]*>\)/g, '$1')
      .replace(/<@123456789012345678>/g, '')
    t.notMatch(rest, /[*_~`|<>[\]()#\\:]|@(?!\u200b)|\w\.\w/)
    t.notMatch(rest, unseen)
  })
  t.same(discord.refusals, [])
})

t.test('in Teams', async (t) => {
  const teams = await startTeams(t)
  const tell = createTeamsNotifier({ kind: 'teams', url: teams.webhookUrl }, tools)
  await forEach(t, tell, (t) => {
    const card = teams.cards.at(-1)
    const markdown = card?.body.flatMap((element) => (element.type === 'TextBlock' ? [element.text] : []))
    t.same(markdown, ['<at>octocat</at>'], 'all else stands in runs, which know no Markdown')
    t.equal(card?.msteams.entities?.length, 1)
    t.notMatch(JSON.stringify(card), '{{', 'nothing that a card would compute')
    for (const [, url] of JSON.stringify(card).matchAll(/"url":"([^"]*)"/g))
      t.notMatch(url, /^https?:\/\/(www\.)?evil/)
    t.notMatch(JSON.stringify(card), unseen)
  })
  t.same(teams.refusals, [])
})

t.test('in an e-mail', async (t) => {
  const sink = await startMailSink(t)
  const server = `smtp://127.0.0.1:${sink.port}`
  const target = { kind: 'email', server, from: 'deploy@example.com', to: ['ops@example.com'] } as const
  await forEach(t, createEmailNotifier(target, tools), (t) => {
    const mail = sink.mails.at(-1)
    t.ok(mail)
    if (!mail) return
    t.same(mail.to, ['ops@example.com', 'octo@example.com'])
    const headers = headersOf(mail)
    const known = ['from', 'to', 'cc', 'subject', 'message-id', 'date', 'mime-version', 'content-type']
    t.same(
      [...headers.keys()].toSorted(),
      [...known, 'auto-submitted', 'x-auto-response-suppress'].toSorted(),
    )
    const html = partOf(mail.raw, 'text/html')
    t.same([...new Set(html.match(/<\/?[a-z]+/g))].toSorted(), [
      '</a',
      '</p',
      '</strong',
      '<a',
      '<br',
      '<p',
      '<strong',
    ])
    for (const [, url] of html.matchAll(/href="([^"]*)"/g)) t.notMatch(url, /^https?:\/\/(www\.)?evil/)
    t.notMatch(partOf(mail.raw, 'text/plain') + html, unseen)
  })
  t.equal(sink.mails.length, Object.keys(hostile).length)
})

/** A part of a message, decoded. */
function partOf(raw: string, type: string): string {
  const part = raw.split(/\r\n--/).find((each) => each.toLowerCase().includes(`content-type: ${type}`)) ?? ''
  const at = part.indexOf('\r\n\r\n', part.toLowerCase().indexOf(`content-type: ${type}`))
  const body = part.slice(at + 4)
  if (/transfer-encoding: base64/i.test(part)) return Buffer.from(body, 'base64').toString('utf8')
  if (!/transfer-encoding: quoted-printable/i.test(part)) return body
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
