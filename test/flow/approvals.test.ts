import t from 'tap'
import { shop } from '../fixtures/fleet.ts'
import { startHolding } from '../fixtures/holding.ts'

const config = (required = 1, more = 'simulate: 10ms') => `repositories:
  acme/shop:
    environments:
      production: { ${more}, approvals: { required: ${required}, from: [mona, hubot, octocat] } }
`

t.test('an approval lets it go, one of who asked for it does not', async (t) => {
  const { fleet, deploy, isHeld, approve, said } = await startHolding(t, { config: config() })
  const id = await deploy()
  await isHeld(id, /^Waits for an approval from mona, hubot or octocat\. Until .* UTC\.$/)
  await approve(id, 'Octocat')
  await approve(id, 'mona')
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'in_progress', 'success'])
  t.equal(said(id).length, 4, 'what did not count was no news')
})

t.test('two approvals at once, and why until then', async (t) => {
  const { fleet, deploy, isHeld, approve } = await startHolding(t, { config: config(2) })
  const id = await deploy()
  await isHeld(id, /^Waits for 2 of 2 approvals/)
  await approve(id, 'octocat')
  const { body: why } = await fleet.receiver.api(`/why/${shop}/production`)
  t.match(why, {
    approvals: { required: 2, from: ['mona', 'hubot', 'octocat'] },
    held: [
      {
        approvals: [
          { by: 'octocat', counts: false, text: /does not count: they asked for the deployment\.$/ },
        ],
      },
    ],
    merge: { deployed: 'later', text: /^It would be held back: Waits for 2 of 2 approvals from mona/ },
  })
  await Promise.all([approve(id, 'mona'), approve(id, 'hubot')])
  t.equal((await fleet.finalStates(id)).at(-1), 'success')
})

t.test('changed rules void what was approved under others', async (t) => {
  const { fleet, deploy, isHeld, approve } = await startHolding(t, { config: config(2) })
  const id = await deploy()
  await isHeld(id, /^Waits for 2 of 2/)
  await approve(id, 'mona')
  await isHeld(id, /^Waits for 1 of 2 .*\(mona approved\)/)
  fleet.rules.put(config(2, 'simulate: 20ms'))
  await approve(id, 'hubot')
  await isHeld(id, /^Waits for 1 of 2 .*\(hubot approved\)/)
  await approve(id, 'mona')
  t.equal((await fleet.finalStates(id)).at(-1), 'success')
})

t.test(
  'a rejection ends it, also right before the work begins, and one that nobody approves ends, too',
  async (t) => {
    const { fleet, deploy, isHeld, approve, said } = await startHolding(t, { config: config() })
    const id = await deploy()
    await isHeld(id, /^Waits for an approval/)
    await approve(id, 'mona', 'rejected')
    t.same(await fleet.finalStates(id), ['pending', 'queued', 'inactive'])
    t.equal(said(id).at(-1), 'Rejected by mona: As agreed.')
  },
)

t.test('what nobody approves in time ends with that reason', async (t) => {
  const { fleet, deploy, said } = await startHolding(t, {
    config: config(),
    rules: { approvals: { required: 1, from: [], expireMs: 60_000, withinMs: 2000 } },
  })
  const id = await deploy()
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'error'])
  t.equal(said(id).at(-1), 'Not approved within 2 s.')
})

t.test('the newest that is approved is deployed, and ends the older ones', async (t) => {
  const { fleet, deploy, isHeld, approve } = await startHolding(t, { config: config() })
  const ids = [await deploy(), await deploy(), await deploy()]
  const [first = 0, second = 0, third = 0] = ids
  for (const id of ids) await isHeld(id, /^Waits for an approval/)
  await approve(second, 'mona')
  t.equal((await fleet.finalStates(second)).at(-1), 'success')
  t.equal((await fleet.finalStates(first)).at(-1), 'inactive')
  t.same(fleet.states(third), ['pending', 'queued'])
})
