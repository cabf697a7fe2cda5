// What people ask for in Slack, on a real installation: requests as Slack signs them, answers where Slack wants them.
import t, { type Test } from 'tap'
import { buttonsOf } from '../../src/chat/slack/buttons.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { someNotice } from '../fixtures/notices.ts'
import { sendSigned, shownBy, startWorkspace, type Workspace } from '../fixtures/slack-workspace.ts'

const config = `
people:
  - { github: dora, slack: U0DORA }
  - { github: ada, email: ada@example.com }
  - { github: mallory, slack: U0MALLORY }
access: { roles: { deployer: [dora], approver: [ada] } }
repositories:
  acme/shop:
    environments:
      staging: { on: manual, simulate: 5ms }
      production: { on: manual, simulate: 5ms, approvals: { required: 1 } }
`

async function start(t: Test) {
  const slack = await startWorkspace(t)
  const profile = { email: 'ada@example.com' }
  slack.members.push({ id: 'U0ADA', team_id: slack.team, is_email_confirmed: true, profile })
  const fleet = await startFleet(t, { config, slack: slack.settings })
  fleet.sandbox.setPermission(shop, 'mallory', 'none')
  await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
  await eventually(
    async () => (await fleet.store.hlen(`${fleet.redis.prefix}:repositories`)) > 0,
    'the repository is known',
  )
  return { slack, fleet, ask: askerOf(slack, fleet) }
}

/** Asks as Slack does, and gives what is said in the end. */
function askerOf(slack: Workspace, { receiver }: Fleet) {
  let heard = 0
  const path = { command: '/slack/commands', press: '/slack/interactions' }
  return async (what: { command: string } | { press: string; value: string }, changes: object = {}) => {
    const form =
      'command' in what
        ? slack.command(what.command.split(' ')[0] ?? '', what.command.replace(/^\S+ ?/, ''), { ...changes })
        : slack.press(what.press, what.value, changes)
    const began = performance.now()
    const answer = await sendSigned(`${receiver.url}${path['command' in what ? 'command' : 'press']}`, form)
    if (answer.status !== 200 || answer.text !== '') throw new Error(`${answer.status} ${answer.text}`)
    if (performance.now() - began > 3000) throw new Error('Slack would have given up')
    heard += 1
    const said = await slack.hears(heard)
    return { to: said.response_type, shown: shownBy(said), said }
  }
}

t.test('a command deploys, a button approves, and each is told what came of it', async (t) => {
  const { slack, fleet, ask } = await start(t)
  const deployed = await ask({ command: '/deploy shop to staging' })
  t.equal(deployed.to, 'in_channel')
  t.match(
    deployed.shown,
    /^@U0DORA: Deployment #(\d+) of main \(\w{7}\) to staging of acme\/shop is made\. #\1$/,
  )
  const first = Number(/#(\d+)/.exec(deployed.shown)?.[1])
  t.equal((await fleet.finalStates(first)).at(-1), 'success')
  t.match(fleet.sandbox.deployments(shop)[0]?.payload, { deploy_user: 'dora' })

  const asked = await ask({ command: '/deploy shop/main to production because the fair begins' })
  const id = Number(/#(\d+)/.exec(asked.shown)?.[1])
  await fleet.sandbox.whenever(() => fleet.states(id).includes('queued'), { what: 'that it is held' })
  const description = fleet.sandbox
    .deployments(shop)
    .find((each) => each.id === id)
    ?.statuses.at(-1)?.description
  const repository = { id: fleet.sandbox.repository(shop).id, owner: 'acme', name: 'shop' }
  const buttons = buttonsOf(
    someNotice({ state: 'queued', deployment: id, repository, description: description ?? '' }),
  )
  const approve = buttons?.elements.find(({ text }) => text.text === 'Approve')
  const press = { press: approve?.action_id ?? '', value: approve?.value ?? '' }

  const dora = { user: { id: 'U0DORA', team_id: slack.team } }
  t.match(await ask(press, dora), { to: 'ephemeral', shown: /^dora may not approve or reject/ })
  const other = { ...press, value: `${id}:424242` }
  t.match(await ask(other), { to: 'ephemeral', shown: /^Livraison knows no deployment/ })
  const inThread = { container: { type: 'message', thread_ts: '1.000001' } }
  t.match(await ask(press, inThread), {
    to: 'ephemeral',
    shown: new RegExp(
      `^#${id} to production of acme/shop is approved: it waits for no approval any more\\. #${id}$`,
    ),
    said: { thread_ts: '1.000001' },
  })
  t.equal((await fleet.finalStates(id)).at(-1), 'success')
  t.match(await ask(press), { to: 'ephemeral', shown: /does not wait for approvals: it is success/ })
  t.same(slack.refusals, [])
  t.same(fleet.sandbox.violations, [])
})

t.test('questions and refusals are for whoever asked, what is changed is for all', async (t) => {
  const { slack, ask } = await start(t)
  const mallory = { user_id: 'U0MALLORY' }
  t.match(await ask({ command: '/deploy status shop' }), {
    to: 'ephemeral',
    shown: /^How acme\/shop stands:\nstaging has nothing yet\nproduction has nothing yet$/,
  })
  t.match(await ask({ command: '/deploy where' }), {
    to: 'ephemeral',
    shown: /^acme\/shop is deployed to:\nstaging: /,
  })
  t.match(await ask({ command: '/deploy shop' }), {
    to: 'ephemeral',
    shown: 'Name an environment: acme/shop has staging, production.',
  })
  t.match(await ask({ command: '/deploy shop to staging' }, mallory), {
    to: 'ephemeral',
    shown: /^mallory may not deploy in acme\/shop/,
  })
  t.match(await ask({ command: '/deploy status shop' }, mallory), { shown: 'mallory may not see acme/shop.' })
  const locked = await ask({ command: '/lock shop staging moving the database for 2h' })
  t.match(locked, {
    to: 'in_channel',
    shown: /^@U0DORA: staging of acme\/shop is locked\. Locked by dora: moving the database/,
  })
  t.match(await ask({ command: '/deploy shop to staging' }, { user_id: 'U0ADA' }), {
    to: 'ephemeral',
    shown: /is locked by dora: moving the database/,
  })
  t.match(await ask({ command: '/deploy why shop staging' }), {
    to: 'ephemeral',
    shown: /^In staging of acme\/shop nothing runs/,
  })
  t.match(await ask({ command: '/unlock shop staging' }), { to: 'in_channel', shown: /is unlocked/ })
  t.match(await ask({ command: '/rollback shop staging' }), {
    to: 'ephemeral',
    shown: /^Nothing has been deployed to staging of acme\/shop yet/,
  })
  t.match(await ask({ command: '/livraison cancel 42' }), { shown: 'Livraison knows no deployment #42.' })
  t.match(await ask({ command: '/deploy shpo to staging' }), { shown: /Did you mean shop\?$/ })
  t.same(slack.refusals, [])
})

t.test('what is said twice is done once, and hostile text does nothing', async (t) => {
  const { slack, fleet, ask } = await start(t)
  const again = slack.command('/lock', 'shop production once')
  const url = `${fleet.receiver.url}/slack/commands`
  const answers = await Promise.all([1, 2, 3].map(() => sendSigned(url, again)))
  t.same(
    answers.map(({ status, text }) => [status, text]),
    [1, 2, 3].map(() => [200, '']),
  )
  await slack.hears(1)
  slack.said.length = 0

  const evil =
    '<!channel> <@U0ADA> <https://evil.example|click> *b* `c` :fire: &amp;lt;!here&amp;gt; \u202egnp'
  const locked = await ask({ command: `/lock shop production ${evil} again` })
  t.equal(locked.to, 'in_channel')
  t.match(locked.shown, '<!channel> <@U0ADA> <https://evil.example|click> *b* `c` :fire: &lt;!here&gt;')
  t.notMatch(locked.said.text, /[<>]|:fire:|\u202e/)
  t.notMatch(locked.shown, /\u202e/)
  const types = locked.said.blocks.flatMap(({ elements }) =>
    elements.flatMap((each) => each.elements.map(({ type }) => type)),
  )
  t.same(types, ['user', 'text', 'text'], 'the only one who is named is who asked')
  t.match(await ask({ command: '/deploy shop/<!here> to staging' }), {
    to: 'ephemeral',
    shown: 'acme/shop has no branch, tag or commit <!here>.',
  })
  t.match(await ask({ command: '/deploy ../../evil to staging' }), { to: 'ephemeral' })
  t.same(slack.refusals, [])
  t.equal(fleet.sandbox.deployments(shop).length, 0)
})

t.test('what takes longer than Slack waits is answered in the end', async (t) => {
  const { slack, fleet, ask } = await start(t)
  fleet.sandbox.faults.add({ operation: 'repos/create-deployment', times: 1, answer: { delayMs: 3500 } })
  const began = performance.now()
  const deployed = await ask({ command: '/deploy shop to staging' })
  t.ok(performance.now() - began > 3000, 'it took so long')
  t.match(deployed, { to: 'in_channel', shown: /^@U0DORA: Deployment #\d+ of main/ })
  t.same(slack.refusals, [])
})
