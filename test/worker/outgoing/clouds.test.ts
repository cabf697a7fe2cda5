// Where clouds keep a machine's credentials, nobody is sent: not by the operator's own configuration, not by a name.
import t from 'tap'
import { createDiscordNotifier } from '../../../worker/notifiers/discord.ts'
import { createSlackNotifier } from '../../../worker/notifiers/slack.ts'
import { createSlackBotNotifier } from '../../../worker/notifiers/slack-bot.ts'
import { isOfCloud, isPublic } from '../../../worker/outgoing/addresses.ts'
import { openConnections } from '../../../worker/outgoing/connect.ts'
import { probe } from '../../../worker/verify/probe.ts'
import { someTools, tellingOf, whyNot } from '../../fixtures/notices.ts'

const addresses = [
  ...['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', '168.63.129.16'],
  ...['fd00:ec2::254', 'fd00:ec2::23', 'fe80::a9fe:a9fe', 'fe80::1%eth0'],
  ...['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', '64:ff9b::169.254.169.254'],
]

t.test('which addresses are those of clouds', async (t) => {
  for (const address of addresses) {
    t.ok(isOfCloud(address), address)
    t.notOk(isPublic(address), address)
  }
  const others = ['127.0.0.1', '10.0.0.1', '169.253.1.1', '::1', 'fd00::1', '64:ff9b::7f00:1', '8.8.8.8', '']
  for (const address of others) t.notOk(isOfCloud(address), address)
})

t.test('they are not connected to, private addresses allowed or not, however they are written', async (t) => {
  for (const allowPrivate of [true, false]) {
    const dispatcher = openConnections(allowPrivate)
    t.teardown(() => dispatcher.destroy())
    const hosts = addresses
      .filter((each) => !each.includes('%'))
      .map((each) => (each.includes(':') ? `[${each}]` : each))
    for (const host of [...hosts, '0xa9fea9fe', '2852039166', '169.254.43518']) {
      const { origin } = new URL(`http://${host}`)
      const asked = dispatcher.request({ origin, path: '/latest/meta-data/', method: 'GET' })
      await t.rejects(asked, { name: 'AddressRefused', message: /is where clouds keep/ }, host)
    }
  }
})

t.test('verify says so', async (t) => {
  const rules = { url: 'http://169.254.169.254/', timeoutMs: 5000, expect: undefined }
  const all = { ...rules, withinMs: 1, forMs: 1, everyMs: 1 }
  const { isGood, words } = await probe(all, new AbortController().signal)
  t.notOk(isGood)
  t.match(words, /^could not be reached \(169\.254\.169\.254 is where clouds keep a machine's credentials/)
})

t.test('Slack is not looked for there either', async (t) => {
  const token = 'xoxb-a-token'
  const apiUrl = 'http://169.254.169.254/api/'
  const all = {
    webhook: createSlackNotifier({ kind: 'slack', url: 'http://169.254.169.254/a-token' }, someTools),
    bot: createSlackBotNotifier(
      { kind: 'slack-bot', token, channel: 'C1', buttons: false, apiUrl },
      someTools,
    ),
  }
  for (const [what, tell] of Object.entries(all)) {
    const error = await whyNot(tell(tellingOf()))
    t.match(error, { name: 'ChannelTrouble', isCertain: true }, what)
    t.match(error?.message, /^The address of Slack is where clouds keep/, what)
    t.notMatch(error?.message, /169|token/, what)
  }
})

t.test('a channel says so without naming the address', async (t) => {
  const tell = createDiscordNotifier({ kind: 'discord', url: 'http://169.254.169.254/a-token' }, someTools)
  const error = await whyNot(tell(tellingOf()))
  t.match(error, { name: 'ChannelTrouble', isCertain: true })
  t.match(error?.message, /^The address of Discord is where clouds keep/)
  t.notMatch(error?.message, /169|token/)
})
