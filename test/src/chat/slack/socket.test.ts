// Socket mode: the same requests, over a connection that goes out from here.
import t, { type Test } from 'tap'
import { eventually } from '../../../fixtures/fleet.ts'
import { startReceiver } from '../../../fixtures/receiver.ts'
import { testRules } from '../../../fixtures/rules.ts'
import { shownBy, startWorkspace } from '../../../fixtures/slack-workspace.ts'

const config = 'repositories: { acme/shop: { environments: { staging: { simulate: 1s } } } }'

async function start(t: Test, token = 'xapp-the-app') {
  const slack = await startWorkspace(t)
  const settings = { ...slack.settings, signingSecrets: [], appToken: token }
  const receiver = await startReceiver(t, { rules: testRules(config), slack: settings })
  return { slack, receiver }
}

const connected = (slack: { sockets: Set<unknown> }, count = 1) =>
  eventually(() => slack.sockets.size === count, `${count} connections`)

t.test(
  'commands and buttons come over it, are acknowledged at once and answered like all others',
  async (t) => {
    const { slack, receiver } = await start(t)
    await connected(slack)
    await eventually(
      () => receiver.log.some(({ msg }) => msg === 'connected to Slack by socket mode'),
      'it says so',
    )
    const envelope = { envelope_id: 'one', type: 'slash_commands', accepts_response_payload: true } as const
    slack.send({ ...envelope, payload: slack.command('/deploy', 'help') })
    t.match(await slack.acked('one'), {
      payload: { response_type: 'ephemeral', text: /^This can be asked for/ },
    })

    const command = slack.command('/deploy', 'status shop')
    slack.send({ ...envelope, envelope_id: 'two', payload: command })
    t.match(await slack.acked('two'), { payload: {} })
    t.match(shownBy(await slack.hears(1)), /^Nobody says who you are/)
    slack.send({ ...envelope, envelope_id: 'three', payload: command })
    await slack.acked('three')

    const { payload } = slack.press('livraison:approve', '7:1')
    slack.send({ envelope_id: 'four', type: 'interactive', payload: JSON.parse(payload) })
    t.match(await slack.acked('four'), { payload: {} })
    t.match(shownBy(await slack.hears(2)), /^Nobody says who you are/)
    slack.send({ envelope_id: 'five', type: 'events_api', payload: { event: { type: 'message' } } })
    await slack.acked('five')
    slack.send({ envelope_id: 'six', type: 'slash_commands', payload: { command: 5 } })
    await slack.acked('six')
    for (const socket of slack.sockets) socket.send('no JSON')
    slack.send({ envelope_id: 'seven', type: 'slash_commands', payload: slack.command('/deploy', 'help') })
    await slack.acked('seven')
    t.equal(slack.said.length, 2, 'what came twice was done once')
    t.same(slack.refusals, [])

    await receiver.app.close()
    await connected(slack, 0)
  },
)

t.test('a connection that Slack ends is opened anew, and outages are said once', async (t) => {
  const { slack, receiver } = await start(t)
  await connected(slack)
  const [first] = slack.sockets
  first?.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }))
  await eventually(
    () => slack.sockets.size === 1 && ![...slack.sockets].includes(first as never),
    'another one',
  )
  slack.send({ envelope_id: 'after', type: 'slash_commands', payload: slack.command('/deploy', 'help') })
  await slack.acked('after')

  slack.socketError = 'internal_error'
  for (const socket of slack.sockets) socket.terminate()
  const asked = () => slack.asked.filter(({ path }) => path === '/api/apps.connections.open').length
  const before = asked()
  await eventually(() => asked() >= before + 2, 'it tries again')
  slack.socketError = undefined
  await connected(slack)
  await eventually(() => receiver.log.some(({ msg }) => msg === 'Slack is back'), 'it says so')
  const said = receiver.log.filter(({ msg }) => /cannot be reached by socket mode/.test(msg))
  t.equal(said.length, 1)
  t.match(said[0]?.reason, /internal_error/)
})

t.test('a token that is refused ends nothing, and is not in the log', async (t) => {
  const { slack, receiver } = await start(t, 'xapp-another')
  await eventually(
    () => receiver.log.some(({ msg }) => /cannot be reached by socket mode/.test(msg)),
    'it is said',
  )
  t.equal((await receiver.get('/healthz')).status, 200)
  t.equal(slack.sockets.size, 0)
  t.notOk(JSON.stringify(receiver.log).includes('xapp-'))
})

t.test('a receiver that closes while Slack does not answer closes soon', async (t) => {
  const { slack, receiver } = await start(t)
  await connected(slack)
  for (const socket of slack.sockets) socket.pause()
  const began = performance.now()
  await receiver.app.close()
  t.ok(performance.now() - began < 8000)
  for (const socket of slack.sockets) socket.terminate()
})
