import t from 'tap'
import type { Command } from '../../../src/commands/command.ts'
import { commandsOf } from '../../fixtures/commands.ts'
import { shop, startFleet } from '../../fixtures/fleet.ts'
import { person } from '../../fixtures/people.ts'

const config = `repositories:
  acme/shop:
    environments:
      staging: { on: manual, simulate: 5ms }
      production: { on: manual, simulate: 5ms, approvals: { required: 1 } }
`

const dora = person('dora', 'slack')
const ada = person('ada', 'slack')
const staging = { repository: shop, environment: 'staging' }
const production = { repository: shop, environment: 'production' }

t.test('what somebody asks for in a chat is done by the operations, and answered in words', async (t) => {
  const fleet = await startFleet(t, { config })
  const { sandbox } = fleet
  await sandbox.push(shop, { message: 'So that the repository is known' })
  const run = await commandsOf(t, fleet)
  const refused = (command: Command, text: RegExp, who = dora) =>
    run(who, command).then((reply) => t.match(reply, { outcome: 'refused', text }, command.name))

  await refused({ name: 'rollback', ...staging }, /Nothing has been deployed to staging of acme\/shop yet/)
  const deployed = await run(dora, { name: 'deploy', ...staging })
  t.match(deployed, {
    outcome: 'done',
    text: /^Deployment #\d+ of main \(\w{7}\) to staging/,
    deployment: Number,
  })
  await fleet.finalStates(deployed.deployment ?? 0)

  const waits = await run(dora, { name: 'deploy', ...production, ref: 'main' })
  const id = waits.deployment ?? 0
  await sandbox.whenever(() => fleet.states(id).includes('queued'), { what: 'that it is held' })
  await refused({ name: 'approve', ...production }, /dora may not|somebody else/)
  t.match(await run(ada, { name: 'approve', ...production }), { outcome: 'done', deployment: id })
  t.same((await fleet.finalStates(id)).at(-1), 'success')
  await refused({ name: 'cancel', repository: shop, deployment: id }, /over|ended|success/)

  const locked = await run(dora, { name: 'lock', ...staging, reason: 'a migration' })
  t.match(locked, { outcome: 'done', text: /Locked by dora: a migration/ })
  await refused({ name: 'deploy', ...staging }, /is locked by dora/, ada)
  const why = await run(dora, { name: 'why', ...staging })
  t.match(why.lines?.join(' '), /Locked by dora: a migration/, 'what holds it is named')
  t.match(await run(dora, { name: 'unlock', ...staging }), { outcome: 'done' })
  await refused(
    { name: 'rollback', repository: shop },
    /Name an environment: acme\/shop has staging, production/,
  )
})

t.test('questions are answered, for those who may see the repository', async (t) => {
  const fleet = await startFleet(t, { config })
  await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
  const run = await commandsOf(t, fleet)
  const mallory = person('mallory', 'hubot')
  const questions: Command[] = [
    { name: 'status', repository: shop },
    { name: 'why', ...staging },
    { name: 'deployments', repository: shop },
    { name: 'environments', repository: shop },
  ]
  for (const question of questions) {
    const text = 'mallory may not see acme/shop.'
    t.same(await run(mallory, question), { outcome: 'refused', text }, question.name)
    t.equal((await run(dora, question)).outcome, 'done', question.name)
  }
  t.match(await run(dora, { name: 'environments', repository: shop }), {
    text: 'acme/shop is deployed to:',
    lines: ['staging: when somebody asks for it', 'production: when somebody asks for it'],
  })
  const { deployment = 0 } = await run(dora, { name: 'deploy', ...staging })
  await fleet.finalStates(deployment)
  const status = await run(dora, { name: 'status', repository: shop, environment: 'Staging' })
  t.equal(status.lines?.length, 1)
  t.match(status.lines?.[0], /^staging has main \(\w{7}\), \d+ s ago/)
  const list = await run(dora, { name: 'deployments', repository: shop })
  t.match(list.lines, [
    new RegExp(`^#${deployment} staging: main \\(\\w{7}\\) by dora, success, \\d+ s ago$`),
  ])
  t.match(await run(dora, { name: 'why', repository: shop, environment: 'nowhere' }), {
    outcome: 'refused',
    text: /nowhere is not an environment of acme\/shop/,
  })
  t.match(await run(dora, { name: 'status', repository: 'acme/other' }), {
    outcome: 'refused',
    text: /not in livraison.yml|may not see/,
  })
})
