import t from 'tap'
import type { Answer } from '../../src/operations/answer.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'
import { operationsOf, person } from '../fixtures/people.ts'

const config = `repositories:
  acme/shop:
    environments:
      staging: { on: manual, simulate: 5ms }
      production: { on: manual, simulate: 5ms, approvals: { required: 2, from: ["@acme/approvers", dora, dan] } }
      eu: { on: manual, simulate: 5ms, approvals: { required: 1 } }
`

const place = { repository: shop, environment: 'staging' }
const refused = (code: string, reason: RegExp) => ({ outcome: 'refused', code, reason })

/** What was done; anything else fails the test. */
function done<T extends object>(answer: Answer<T>): T {
  if (answer.outcome === 'done') return answer
  throw new Error(answer.reason)
}

async function make({ sandbox }: Fleet, environment: string) {
  const made = await sandbox.createDeployment(shop, {
    ...{ ref: 'main', environment, auto_merge: false, required_contexts: [] },
  })
  if (!('id' in made)) throw new Error(made.message)
  return made.id
}

const isHeld = ({ sandbox, states }: Fleet, id: number) =>
  sandbox.whenever(() => states(id).includes('queued'), { what: `#${id} is held` })

t.test('each operation needs its role, and what is refused does nothing and is noted', async (t) => {
  const { executor, end } = heldExecutor()
  const fleet = await startFleet(t, { config, rules: { executor } })
  await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
  const { operations, parts } = await operationsOf(t, fleet)
  const id = await make(fleet, 'staging')
  await fleet.sandbox.whenever(() => fleet.states(id).includes('in_progress'))
  const deploy = { repository: shop, environment: 'staging', ref: 'main' }
  const reason = 'Because'
  const until = Date.now() + 3_600_000
  const vera = person('vera')
  const dora = person('dora')
  const ada = person('ada')
  const rows: [what: string, answer: Promise<Answer>, words: RegExp][] = [
    [
      'deploy',
      operations.deploy(vera, deploy),
      /^vera may not deploy in acme\/shop: that needs the role deployer, and theirs is viewer\.$/,
    ],
    [
      'deploy',
      operations.deploy(person('mallory'), deploy),
      /needs the role deployer, and they have none\.$/,
    ],
    [
      'deploy',
      operations.deploy(dora, { ...deploy, force: true, reason }),
      /may not force a deployment .* approver/,
    ],
    ['cancel', operations.cancel(vera, { deployment: id }), /may not cancel/],
    ['retry', operations.retry(vera, { deployment: id }), /may not retry/],
    ['rollback', operations.rollBack(vera, { deployment: id }), /may not roll/],
    ['promote', operations.promote(vera, { deployment: id }), /may not promote/],
    ['approve', operations.approve(dora, { deployment: id }), /may not approve or reject/],
    ['reject', operations.reject(dora, { deployment: id }), /may not approve or reject/],
    ['override', operations.override(dora, { deployment: id, reason }), /may not override/],
    ['lock', operations.lock(vera, { ...place, reason }), /may not lock in acme\/shop/],
    [
      'lock',
      operations.lock(ada, { reason }),
      /^ada may not lock or unlock everything: that needs the role admin/,
    ],
    ['unlock', operations.unlock(ada, {}), /role admin/],
    ['freeze', operations.freeze(dora, { ...place, until, reason }), /role approver/],
    ['freeze', operations.freeze(ada, { until, reason }), /role admin/],
    ['thaw', operations.thaw(dora, { id: 'x' }), /role approver/],
    ['replay', operations.replay(vera, { delivery: 'x' }), /role deployer/],
  ]
  for (const [what, answer, words] of rows) t.match(await answer, refused('forbidden', words), what)
  t.same(fleet.states(id), ['pending', 'in_progress'])
  t.same(await parts.locks.all(), [])
  t.same(await parts.freezes.all(), [])
  t.equal(fleet.sandbox.deployments(shop).length, 1)
  const { entries } = await parts.audit.list({}, 100)
  t.same(entries.map(({ action }) => action).sort(), rows.map(([what]) => what).sort())
  t.ok(entries.every(({ outcome, actor }) => outcome === 'forbidden' && actor.face === 'dashboard'))
  t.match(
    entries.find(({ action }) => action === 'cancel'),
    {
      actor: { kind: 'person', name: 'vera' },
      ...{ repository: shop, environment: 'staging', deployment: id },
    },
  )
  const mallory = await parts.audit.list({ actor: 'MALLORY', repository: shop.toUpperCase() }, 100)
  t.equal(mallory.entries.length, 1)
  end(id)
})

t.test('two approvals at once are two, and the deployment begins', async (t) => {
  const fleet = await startFleet(t, { config })
  await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
  const { operations, parts } = await operationsOf(t, fleet)
  const asked = done(
    await operations.deploy(person('dora'), { repository: shop, environment: 'production', ref: 'main' }),
  )
  t.match(asked, { text: /It waits for 2 approvals from @acme\/approvers, dora or dan\.$/ })
  const id = Number(asked.deployment)
  await isHeld(fleet, id)
  const wish = { deployment: id, repository: shop }
  t.match(
    await operations.approve(person('dora'), wish),
    refused('forbidden', /dora asked for #\d+: somebody else/),
  )
  t.match(await operations.approve(person('DORA'), wish), { outcome: 'refused' })
  t.match(
    await operations.approve(person('root'), wish),
    refused('forbidden', /is for @acme\/approvers, dora or dan/),
  )
  t.match(
    await operations.approve(person('ada'), { ...wish, repository: 'acme/till' }),
    refused('unknown', /knows no deployment #\d+ of acme\/till/),
  )
  const again = [operations.approve(person('ada'), wish), operations.approve(person('ada'), wish)]
  t.match(await Promise.all(again), [{ required: 2 }, { text: /1 of 2 approvals\.$/ }])
  t.equal(fleet.states(id).at(-1), 'queued', 'one person counts once')
  await Promise.all([
    operations.approve(person('ada'), { ...wish, reason: 'Looks good' }),
    operations.approve(person('dan'), wish),
  ])
  t.same(await fleet.finalStates(id), [
    ...fleet.states(id).filter((state) => state === 'pending' || state === 'queued'),
    'in_progress',
    'success',
  ])
  t.match(
    await operations.approve(person('amy'), wish),
    refused('conflict', /does not wait for approvals: it is success/),
  )
  const { entries } = await parts.audit.list({ action: 'approve' }, 100)
  t.equal(entries.filter(({ outcome }) => outcome === 'done').length, 4)
})

t.test('one rejection ends it, whatever is approved at the same time', async (t) => {
  const fleet = await startFleet(t, { config })
  const { operations } = await operationsOf(t, fleet)
  const id = await make(fleet, 'production')
  await isHeld(fleet, id)
  const wish = { deployment: id, reason: 'Not before the fair.' }
  const [rejected] = await Promise.all([
    operations.reject(person('ada'), wish),
    operations.approve(person('dan'), { deployment: id }),
  ])
  t.match(rejected, { outcome: 'done', state: 'inactive' })
  t.equal((await fleet.finalStates(id)).at(-1), 'inactive')
  const { statuses } = fleet.sandbox.deployments(shop)[0] ?? { statuses: [] }
  t.equal(statuses.at(-1)?.description, 'Rejected by ada: Not before the fair.')
  t.match(await operations.reject(person('amy'), wish), refused('conflict', /does not wait/))
  const other = await make(fleet, 'staging')
  await fleet.sandbox.whenever(() => fleet.states(other).includes('pending'), { what: 'it is known' })
  t.match(await operations.approve(person('amy'), { deployment: other }), {
    reason: /^staging of acme\/shop asks for no approvals/,
  })
})

t.test('without names in the rules, an approver approves', async (t) => {
  const fleet = await startFleet(t, { config })
  const { operations } = await operationsOf(t, fleet)
  const id = await make(fleet, 'eu')
  await isHeld(fleet, id)
  t.match(await operations.approve(person('dan'), { deployment: id }), refused('forbidden', /role approver/))
  t.match(await operations.approve(person('ada'), { deployment: id }), {
    text: /waits for no approval any more/,
  })
  t.equal((await fleet.finalStates(id)).at(-1), 'success')
})

t.test('overridden, with a reason that all can read; what has begun is not', async (t) => {
  const fleet = await startFleet(t, { config })
  await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
  const { operations, parts } = await operationsOf(t, fleet)
  const freeze = { ...place, until: Date.now() + 3_600_000, reason: 'The fair' }
  done(await operations.freeze(person('ada'), freeze))
  done(await operations.lock(person('dora'), { ...place, reason: 'A migration', kind: 'soft' }))
  const id = await make(fleet, 'staging')
  await isHeld(fleet, id)
  t.match(await operations.override(person('ada'), { deployment: id }), refused('invalid', /needs a reason/))
  const wish = { deployment: id, reason: 'The shop is down.' }
  t.match(await operations.override(person('ada'), wish), {
    outcome: 'done',
    text: /passes soft locks, windows and freezes/,
  })
  t.equal((await fleet.finalStates(id)).at(-1), 'success')
  const said = fleet.sandbox.deployments(shop)[0]?.statuses.map(({ description }) => description)
  t.ok(said?.includes('Overridden by ada: The shop is down.'))
  t.match((await parts.logs.read(id))[0]?.text, 'Overridden by ada: The shop is down.')
  t.match(await parts.records.read(id), { overriddenBy: 'ada' })
  t.match(await operations.override(person('ada'), wish), refused('conflict', /does not wait: it is success/))
})

t.test('a hard lock holds what is overridden, and that is said; unlocking lets it go on', async (t) => {
  const fleet = await startFleet(t, { config })
  await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
  const { operations } = await operationsOf(t, fleet)
  const lock = { ...place, reason: 'A migration', expiresInMs: 3_600_000 }
  t.match(await operations.lock(person('dora'), lock), {
    text: /^staging of acme\/shop is locked\. Locked by dora: A migration\. Until .* can unlock it\.$/,
  })
  const id = await make(fleet, 'staging')
  await isHeld(fleet, id)
  const wish = { deployment: id, reason: 'Urgent' }
  t.match(await operations.override(person('ada'), wish), {
    text: /is locked by dora: A migration\. dora or an approver can unlock it\.$/,
  })
  t.match(
    await operations.deploy(person('dan'), { ...place, ref: 'main' }),
    refused(
      'conflict',
      /^staging of acme\/shop is locked by dora: A migration\. dora or an approver can unlock it\.$/,
    ),
  )
  t.match(
    await operations.lock(person('dan'), { ...place, reason: 'Mine' }),
    refused('conflict', /locked already.*dora/),
  )
  t.match(await operations.unlock(person('dan'), place), refused('forbidden', /unlock what others locked/))
  t.match(
    await operations.unlock(person('dora'), { ...place, id: 'x' }),
    refused('conflict', /there is another/),
  )
  t.match(await operations.unlock(person('ada'), place), { outcome: 'done', lock: { owner: 'dora' } })
  t.equal((await fleet.finalStates(id)).at(-1), 'success')
  t.match(await operations.unlock(person('dora'), place), refused('unknown', /is not locked/))
  t.match(await operations.lock(person('dora'), { environment: 'staging', reason: 'x' }), {
    code: 'forbidden',
  })
  t.match(
    await operations.lock(person('root'), { environment: 'staging', reason: 'x' }),
    refused('invalid', /name that, too/),
  )
})

t.test(
  'unlocked while another locks: each lock has one owner, and nobody loses a lock that they hold',
  async (t) => {
    const fleet = await startFleet(t, { config, workers: 0 })
    await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
    const { operations, parts } = await operationsOf(t, fleet)
    await eventually(() => parts.repositories.named(shop), 'the repository is known')
    for (let round = 0; round < 25; round++) {
      done(await operations.lock(person('dora'), { ...place, reason: 'One' }))
      const [unlocked, locked] = await Promise.all([
        operations.unlock(person('ada'), place),
        operations.lock(person('dan'), { ...place, reason: 'Two' }),
      ])
      const [there] = await parts.locks.all()
      t.equal(unlocked.outcome === 'done' && unlocked.lock.owner, 'dora')
      if (locked.outcome === 'done') t.equal(there?.owner, 'dan')
      else t.equal(there, undefined)
      if (there) done(await operations.unlock(person('dan'), place))
    }
  },
)

t.test('what an operation stumbles over is noted, too', async (t) => {
  const fleet = await startFleet(t, { config })
  await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
  const { operations, parts } = await operationsOf(t, fleet)
  fleet.sandbox.faults.add({ operation: 'repos/get-commit', answer: { status: 502, body: {} } })
  const wish = { repository: shop, environment: 'staging', ref: 'main' }
  t.match(
    await operations.deploy(person('dora'), wish),
    refused('unavailable', /502.*Try again in a while\.$/),
  )
  t.match((await parts.audit.list({}, 1)).entries, [{ outcome: 'unavailable', action: 'deploy' }])
})
