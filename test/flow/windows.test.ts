import t from 'tap'
import type { FreezeRules } from '../../src/config/rules.ts'
import type { RunRules } from '../../worker/rules.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { startHolding } from '../fixtures/holding.ts'

const day = 24 * 3_600_000
/** A window that is closed now, and for hours yet. */
function closedNow() {
  const hour = (new Date().getUTCHours() + 12) % 24
  const two = (value: number) => String(value).padStart(2, '0')
  return `{ days: daily, from: "${two(hour)}:00", to: "${two(hour)}:30" }`
}

const config = (more: string) =>
  `repositories: { acme/shop: { environments: { production: { simulate: 10ms, ${more} } } } }`

t.test('outside its windows it is held, until the rules say otherwise', async (t) => {
  const { fleet, deploy, isHeld, held } = await startHolding(t, {
    config: config(`windows: [${closedNow()}]`),
  })
  const id = await deploy()
  await isHeld(
    id,
    /^Outside its windows: opens \w{3} \d{4}-\d\d-\d\d \d\d:00 UTC\. An approver can override it\.$/,
  )
  const { body: why } = await fleet.receiver.api(`/why/${shop}/production`)
  t.match(why, {
    windows: { isOpen: false, opensAt: /:00:00\.000Z$/, text: /Windows: daily/ },
    merge: { deployed: 'later', text: /^It would be held back: Outside its windows: opens / },
  })
  fleet.rules.put(config('windows: [{ days: daily, from: "00:00", to: "24:00" }]'))
  await held.wake(fleet.sandbox.repository(shop).id, 'production')
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'in_progress', 'success'])
})

t.test('it begins by itself as the freeze of the file ends', async (t) => {
  const freezes: FreezeRules[] = []
  const { fleet, deploy, isHeld } = await startHolding(t, { rules: { freezes } satisfies Partial<RunRules> })
  const until = Date.now() + 4000
  freezes.push({ from: 0, until, zone: 'Europe/Paris', reason: 'the fair' })
  const id = await deploy()
  await isHeld(
    id,
    /^Frozen until \w{3} [\d-]+ [\d:]+ Europe\/Paris: the fair\. An approver can override it\.$/,
  )
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'in_progress', 'success'])
  t.ok(Date.now() >= until)
})

t.test('what is overridden passes windows and freezes, not approvals', async (t) => {
  const { fleet, deploy, isHeld, keys, held, freezes, approve } = await startHolding(t, {
    config: config(`windows: [${closedNow()}], approvals: { from: [mona] }`),
  })
  const { id: repositoryId } = fleet.sandbox.repository(shop)
  const scope = { kind: 'repository', repositoryId, repository: shop } as const
  await freezes.freeze({ scope, from: 0, until: Date.now() + day, reason: 'the fair', by: 'octocat' })
  const id = await deploy()
  await isHeld(id, /^Frozen/)
  const [note] = await eventually(() => held.list(repositoryId, 'production'), 'the note')
  t.same(
    note?.holds.map(({ hold }) => hold),
    ['freeze', 'approvals', 'window'],
  )
  await fleet.store.hset(keys.record(id), 'overriddenBy', 'mona')
  await held.wake(repositoryId, 'production')
  await isHeld(id, /^Waits for an approval/)
  await approve(id, 'mona')
  t.equal((await fleet.finalStates(id)).at(-1), 'success')
})

t.test('a rollback of ours waits for no window, no freeze and no approval', async (t) => {
  let fails = false
  const { fleet, deploy, approve, isHeld } = await startHolding(t, {
    config: config(`windows: [${closedNow()}], approvals: { from: [mona] }, rollback: automatic`),
    rules: {
      windows: [],
      executor: async ({ deployment }) =>
        fails && deployment.rollbackOf === undefined
          ? { state: 'failure', description: 'It broke.' }
          : { state: 'success', description: 'Done.' },
    },
  })
  const { sandbox } = fleet
  const good = await deploy()
  await isHeld(good, /^Waits for an approval/)
  await approve(good, 'mona')
  await fleet.finalStates(good)
  await sandbox.push(shop)
  fails = true
  const bad = await deploy()
  await isHeld(bad, /^Waits for an approval/)
  await approve(bad, 'mona')
  t.equal((await fleet.finalStates(bad)).at(-1), 'failure')
  const rollback = await sandbox.whenever(() => sandbox.deployments(shop)[2], { what: 'a rollback' })
  t.same(await fleet.finalStates(rollback.id), ['pending', 'in_progress', 'success'])
})
