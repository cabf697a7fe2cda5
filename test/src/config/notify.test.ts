// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what is written in the file.
import t from 'tap'
import { explainConfig } from '../../../src/config/explain.ts'
import { ConfigError } from '../../../src/config/problem.ts'
import { parseConfig } from '../../../src/config/read-config.ts'
import { channelId } from '../../../src/config/to-channel-rules.ts'

const read = (text: string, env = {}) => parseConfig(text, 'livraison.yml', env)

function problemsOf(text: string): readonly string[] {
  try {
    read(text)
  } catch (error) {
    if (error instanceof ConfigError) return error.lines.map((line) => line.replace(/^livraison\.yml:/, ''))
    throw error
  }
  return []
}

/** A file whose repository's notify, in its line 4, is this. */
const told = (entry: string) => `repositories:\n  acme/shop:\n    notify:\n      - ${entry}`
/** A file whose people, from its line 3 on, are these. */
const people = (...entries: string[]) =>
  ['repositories: {}', 'people:', ...entries.map((entry) => `  - ${entry}`)].join('\n')

const exactlyOne = 'must name exactly one of slack, discord, teams, webhook, email, hubot; it'
const rows: [what: string, text: string, ...problems: string[]][] = [
  ['no list', 'repositories: {}\nnotify: none', '2:9  notify: must be a list, not "none"'],
  ['no channel', told('on: [success]'), `4:9  notify[0]: ${exactlyOne} names none`],
  [
    'two channels',
    told('{ slack: "https://a.example", teams: "https://b.example" }'),
    `4:9  notify[0]: ${exactlyOne} names slack and teams`,
  ],
  [
    'an address that is none is not shown',
    told('slack: hooks.slack.com/services/hunter2'),
    '4:16  notify[0].slack: must be an address that begins with https:// or http://, not this',
  ],
  [
    'a list of channels',
    told('slack: [x]'),
    '4:16  notify[0].slack: must be the address of an incoming webhook, or a mapping with token and channel, not this',
  ],
  [
    'a bot without a channel',
    told('slack: { token: x, chanel: C1 }'),
    '4:9  notify[0].slack.channel: is missing; it must be text',
    '4:28  notify[0].slack.chanel: unknown; did you mean channel?',
  ],
  [
    'Hubot without a secret',
    told('hubot: { url: "http://hubot:8080", room: ops }'),
    '4:9  notify[0].hubot.secret: is missing; it must be text',
  ],
  [
    'e-mail to nobody, through the web',
    told('email: { server: "https://me:hunter2@mail.example", from: "x\\r\\nBcc: y <a@b.c>", to: [] }'),
    '4:26  notify[0].email.server: must be an address that begins with smtp:// or smtps://, not this',
    '4:67  notify[0].email.from: must be an e-mail address, such as ops@example.com or "Livraison <deploy@example.com>", not this',
    '4:94  notify[0].email.to: must be an e-mail address, or a list of them, not this',
  ],
  [
    'states and texts that there are not',
    told('{ discord: "https://a.example", on: [succes], texts: { failed: x, success: 7 } }'),
    '4:46  notify[0].on[0]: must be one of pending, queued, in_progress, success, failure, error, inactive, skipped, not "succes"',
    '4:64  notify[0].texts.failed: unknown; what can be set here: pending, queued, in_progress, success, failure, error, inactive, skipped',
    '4:84  notify[0].texts.success: must be text, not 7',
  ],
  [
    'numbers out of bounds',
    told('{ teams: "https://a.example", commits: 51, per_minute: 0, on: [] }'),
    '4:48  notify[0].commits: must be a whole number from 0 to 50, not 51',
    '4:64  notify[0].per_minute: must be a whole number from 1 to 1000, not 0',
    '4:71  notify[0].on: must be a list of at least one, not a list',
  ],
  [
    'people who are nobody, or not who they are said to be',
    people('{ github: octocat }', '{ github: hubot, discord: 80351110224678912 }', '{ slack: octo }'),
    '3:5  people[0]: says nothing of octocat: name at least one of slack, discord, teams, hubot, email',
    '4:31  people[1].discord: must be the id of a user, in quotes: a number of 17 to 20 digits, not 80351110224678910',
    '5:5  people[2].github: is missing; it must be the login of a GitHub account',
    '5:14  people[2].slack: must be the id of a member, such as U012AB3CD, not "octo"',
  ],
  [
    'two who are the same in a chat',
    people('{ github: octocat, hubot: octo }', '{ github: monalisa, hubot: Octo }'),
    "4:32  people[1].hubot: is octocat's already",
  ],
]

t.test('each fault of a channel is told by its place', async (t) => {
  for (const [what, text, ...problems] of rows) t.strictSame(problemsOf(text), problems, what)
})

const everything = `
notify:
  - slack: \${HOOK}
repositories:
  acme/shop:
    notify:
      - slack: { token: "\${TOKEN}", channel: C1 }
        environments: production
      - email: { server: "smtp://me:\${TOKEN}@mail.example", from: a@b.example, to: ops@b.example }
        on: [failure]
        texts: { failure: "It failed." }
        commits: 0
      - webhook: { url: "https://a.example/written/in/clear" }
        environments: ["*", "!preview*"]
  acme/*: {}
people:
  - { github: octocat, slack: U012AB3CD, email: octo@example.com }
`
const env = { HOOK: 'https://hooks.slack.com/services/hunter2', TOKEN: 'xoxb-hunter2' }

t.test('a repository has its own channels and those of everything', async (t) => {
  const config = read(everything, env)
  const usual = ['in_progress', 'success', 'failure', 'error', 'skipped']
  t.match(config.of('acme/shop')?.notify, [
    { target: { kind: 'slack-bot', token: 'xoxb-hunter2', channel: 'C1' }, environments: ['production'] },
    { target: { kind: 'email', to: ['ops@b.example'] }, on: ['failure'], texts: { failure: 'It failed.' } },
    { target: { kind: 'webhook', allowPrivate: false }, on: usual },
    { target: { kind: 'slack', url: env.HOOK }, on: usual, environments: [], commits: 5, perMinute: 30 },
  ])
  t.equal(config.of('acme/shop')?.notify[0]?.on.length, 8, 'a bot is told all')
  t.match(config.of('acme/other')?.notify, [{ target: { kind: 'slack' } }])
  t.same(
    config.channels.map(({ repository, channel }) => [repository, channel.target.kind]),
    [
      [undefined, 'slack'],
      ['acme/shop', 'slack-bot'],
      ['acme/shop', 'email'],
      ['acme/shop', 'webhook'],
    ],
  )
  t.match(config.people, [{ github: 'octocat', slack: 'U012AB3CD', email: 'octo@example.com' }])
})

t.test('channels are told in words, without what is secret', async (t) => {
  const lines = explainConfig(read(everything, env))
  t.match(lines, [
    'acme/shop',
    '  Nothing is deployed.',
    '  The Slack channel C1 (a bot, one thread for each deployment) is told when a deployment of acme/shop to production is accepted, must wait, begins, succeeds, fails, cannot be run, is replaced or is not made, with 5 commits of what changed at most, 30 notices a minute at most.',
    '  ops@b.example (e-mail through mail.example) is told when a deployment of acme/shop fails, without a list of what changed, 30 notices a minute at most. Its own texts are those for failure.',
    '  The webhook a.example (not signed) is told when a deployment of acme/shop to *, except to preview* begins, succeeds, fails, cannot be run or is not made, with 5 commits of what changed at most, 30 notices a minute at most.',
    '',
    /^acme/,
    '  Nothing is deployed.',
    '',
    'notify',
    '  Slack (${HOOK}) is told when a deployment of every repository above begins, succeeds, fails, cannot be run or is not made, with 5 commits of what changed at most, 30 notices a minute at most.',
    '',
    'people',
    '  octocat is U012AB3CD in Slack and whoever a chat vouches for as octo@example.com.',
  ])
  t.notMatch(lines.join('\n'), /hunter2|written/)
})

t.test('a channel is named by where it leads, not by what proves who we are', async (t) => {
  const url = 'https://a.example/hook'
  const hook = channelId({ kind: 'webhook', url, secret: 'old', allowPrivate: false })
  t.match(hook, /^[0-9a-f]{12}$/)
  t.equal(hook, channelId({ kind: 'webhook', url, secret: 'new', allowPrivate: true }))
  t.not(hook, channelId({ kind: 'discord', url }))
  const mail = { kind: 'email', from: 'a@b.example', to: ['c@d.example'] } as const
  t.equal(
    channelId({ ...mail, server: 'smtp://me:one@mail.example' }),
    channelId({ ...mail, server: 'smtp://me:two@mail.example' }),
  )
})
