// What the webhook of our App lost is found by the App's own list, and asked for again through it.

import { pino } from 'pino'
import t from 'tap'
import { createGitHub } from '../../../src/github/client.ts'
import { openAuth } from '../../../src/github/open-auth.ts'
import { countOf } from '../../fixtures/app-client.ts'
import { type Fleet, shop, startFleet } from '../../fixtures/fleet.ts'
import { nothing, openHealer } from './healer.ts'

/** A reconciler that signs in as the fleet's App. */
function openAppHealer(test: Parameters<typeof openHealer>[0], fleet: Fleet) {
  const { app, sandbox } = fleet
  const toGitHub = {
    ...{ apiUrl: sandbox.apiUrl, log: pino({ level: 'silent' }) },
    pause: { check: async () => {}, begin: async () => {} },
  }
  const credentials = app && { githubApp: { id: app.app.id, privateKey: app.privateKey } }
  const opened = openAuth(credentials ?? {}, toGitHub)
  if (opened === undefined) throw new Error('The fleet has no App.')
  const github = createGitHub({ ...toGitHub, auth: opened.auth })
  return openHealer(test, fleet, { github, hasAppHook: true })
}

t.test('a deployment whose delivery the App’s webhook lost is run', async (t) => {
  const fleet = await startFleet(t, { withApp: true })
  const { sandbox, merge, finalStates } = fleet
  const healer = openAppHealer(t, fleet)
  const loss = sandbox.faults.loseDeliveries({ event: 'deployment' })
  await merge()
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await sandbox.whenever(() => loss.hits === 1)
  sandbox.faults.clear()
  const healed = await healer.heal()
  t.match(healed, { redelivered: [/.+/] })
  t.same(await finalStates(deployment.id), ['pending', 'in_progress', 'success'])
  t.equal(countOf(sandbox, 'apps/redeliver-webhook-delivery'), 1)
  t.equal(countOf(sandbox, 'repos/list-webhooks'), 0, 'repositories’ own webhooks are not asked for')
  await sandbox.whenever(() => sandbox.deliveries().every(({ status }) => status !== null))
  t.match(await healer.heal(), { redelivered: [] })
  t.same(sandbox.violations, [])
})

t.test('what the App’s webhook delivered is sent again on demand', async (t) => {
  const fleet = await startFleet(t, { withApp: true, workers: 0 })
  const { sandbox, receiver } = fleet
  await sandbox.openPullRequest(shop)
  const opened = await sandbox.whenever(() =>
    sandbox.deliveries().find(({ event, status }) => event === 'pull_request' && status === 'OK'),
  )
  const { status, body } = await receiver.act('POST', `/deliveries/${opened.guid}/replay`)
  t.match(
    { status, body },
    { status: 202, body: { text: /\(pull_request opened of acme\/shop\) once more/ } },
  )
  await sandbox.whenever(() => sandbox.deliveries().filter(({ guid }) => guid === opened.guid).length === 2)
  t.same(sandbox.violations, [])
})

t.test('a webhook of the App that leads elsewhere leaves it to the repositories’ own', async (t) => {
  const fleet = await startFleet(t, { withApp: true, workers: 0 })
  const { sandbox, app } = fleet
  const healer = openAppHealer(t, fleet)
  const { number } = await sandbox.openPullRequest(shop)
  await sandbox.closePullRequest(shop, number)
  await sandbox.whenever(() => sandbox.deliveries().filter(({ status }) => status === 'OK').length > 2)
  if (app) app.app.hook.url = 'https://elsewhere.example/event_handler'
  t.same(await healer.heal(), nothing)
  t.equal(countOf(sandbox, 'apps/list-webhook-deliveries'), 0)
  t.equal(countOf(sandbox, 'repos/list-webhooks'), 1)
})
