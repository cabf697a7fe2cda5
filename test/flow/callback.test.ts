import t from 'tap'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { testAdminToken } from '../fixtures/receiver.ts'
import { addressIn, asks, configOf, descriptionOf, startTold, tell } from '../fixtures/told.ts'
import { startDeployer } from '../worker/executors/request/server.ts'

async function logOf(fleet: Fleet, id: number) {
  const address = `${fleet.receiver.url}/api/deployments/${shop}/${id}/log`
  return (await fetch(address, { headers: { authorization: `Bearer ${testAdminToken}` } })).text()
}

t.test('a deployment ends as it is told to, and what is said meanwhile is in its log', async (t) => {
  const { fleet, deployer } = await startTold(t)
  const { url, id } = await asks(fleet, deployer.asked)
  t.match(url, new RegExp(`^${fleet.receiver.url}/callbacks/${id}/[\\w-]{43}$`))
  const token = url.split('/').at(-1) ?? ''
  const log = `Halfway\nwith ${token}`
  t.match(await tell(url, { state: 'in_progress', log }), { status: 202, body: { outcome: 'taken' } })
  await eventually(async () => /^with \*\*\*$/m.test(await logOf(fleet, id)), 'the line is in the log')
  t.same(fleet.states(id), ['pending', 'in_progress'])
  t.match(await tell(url, { state: 'success', description: 'Live on\nthree machines.' }), { status: 202 })
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
  t.equal(descriptionOf(fleet, id), 'Live on three machines.')

  const failed = await asks(fleet, deployer.asked)
  t.not(failed.url.split('/').at(-1), token)
  await tell(failed.url, { state: 'failure', log: 'The disk is full' })
  t.same(await fleet.finalStates(failed.id), ['pending', 'in_progress', 'failure'])
  t.equal(descriptionOf(fleet, failed.id), `${new URL(deployer.url).host} says that it failed.`)
  t.match(await logOf(fleet, failed.id), /^The disk is full$/m)

  const kept = JSON.stringify([fleet.log, fleet.receiver.log, await everythingIn(fleet)])
  t.notOk(kept.includes(token), 'the token is in no log and not in Redis')
  t.same(fleet.sandbox.violations, [])
})

/** All values in the fleet's Redis, as text. */
async function everythingIn({ store, redis }: Fleet) {
  const keys = await store.keys(`${redis.prefix.replace(/[{}]/g, '\\$&')}*`)
  return Promise.all(
    keys.map(async (key) => {
      switch (await store.type(key)) {
        case 'hash':
          return store.hgetall(key)
        case 'string':
          return store.get(key)
        case 'list':
          return store.lrange(key, 0, -1)
        case 'stream':
          return store.xrange(key, '-', '+')
        case 'set':
          return store.smembers(key)
        default:
          return store.zrange(key, '0', '-1')
      }
    }),
  )
}

t.test('what is wrong is refused with words, and changes nothing', async (t) => {
  const { fleet, deployer } = await startTold(t)
  const { url, id } = await asks(fleet, deployer.asked)
  const base = `${fleet.receiver.url}/callbacks`
  const token = url.split('/').at(-1)
  const good = { state: 'success' }
  const unknown = [
    `${base}/${id}/${'x'.repeat(43)}`,
    `${base}/${id + 1}/${token}`,
    `${base}/0/${token}`,
    `${base}/${id}x/${token}`,
    `${base}/-1/${token}`,
    `${base}/${'9'.repeat(30)}/${token}`,
    `${base}/${id}/`,
    `${base}/${id}/..%2f${token}`,
  ]
  for (const wrong of unknown) t.equal((await tell(wrong, good)).status, 404, wrong)
  const bodies = ['', 'success', '{', '[]', '"success"', 'null', '{}', { state: 'done' }, { state: 1 }]
  const more = [
    { state: 'success', description: 7 },
    { state: 'in_progress', log: ['a'] },
  ]
  for (const body of [...bodies, ...more]) {
    const answer = await tell(url, body)
    t.match(
      answer,
      { status: 400, body: { message: /^The body must be JSON: \{"state"/ } },
      JSON.stringify(body),
    )
  }
  t.equal((await tell(url, { state: 'in_progress', log: 'x'.repeat(65_536) })).status, 413)
  t.equal((await tell(`${base}/${id}/${'y'.repeat(500)}`, good)).status, 414)
  t.equal((await fetch(url)).status, 404, 'GET')
  t.same(fleet.states(id), ['pending', 'in_progress'])

  t.equal((await tell(url, good)).status, 202)
  t.match(await tell(url, { state: 'failure' }), { status: 409, body: { message: /told already/ } })
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
  t.equal((await tell(url, good)).status, 409)
})

t.test('who never tells fails, and is told that it is late', async (t) => {
  const { fleet, deployer } = await startTold(t, 'callback: { within: 1s }')
  const { url, id } = await asks(fleet, deployer.asked)
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'failure'])
  t.match(descriptionOf(fleet, id), / has not told how it went within 1 s\.$/)
  t.match(await tell(url, { state: 'success' }), {
    status: 409,
    body: { message: /^The deployment is over/ },
  })
})

t.test('it may be told before the call is answered, and counts even if the answer never comes', async (t) => {
  const deployer = await startDeployer(t, [
    async (response) => {
      await tell(addressIn(deployer.asked.at(-1)), { state: 'success', description: 'Done at once.' })
      response.writeHead(202).end('{}')
    },
    async (response) => {
      await tell(addressIn(deployer.asked.at(-1)), { state: 'success', description: 'Done unheard.' })
      response.destroy()
    },
    { status: 422, body: { message: 'No such branch' } },
  ])
  const fleet = await startFleet(t, { workers: 0, config: configOf(deployer.url) })
  fleet.addWorker({ settings: { PUBLIC_URL: fleet.receiver.url } })
  for (const description of ['Done at once.', 'Done unheard.']) {
    const { id } = await asks(fleet, deployer.asked)
    t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
    t.equal(descriptionOf(fleet, id), description)
  }
  const { id, url } = await asks(fleet, deployer.asked)
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'failure'], 'a refusal ends it')
  t.match(descriptionOf(fleet, id), /answered 422: No such branch$/)
  t.equal((await tell(url, { state: 'success' })).status, 409)
  t.equal(deployer.asked.length, 3)
})

t.test('a message that was lost loses nothing', async (t) => {
  const { fleet, deployer } = await startTold(t)
  const { id } = await asks(fleet, deployer.asked)
  const outcome = JSON.stringify({ state: 'success', description: 'Found.' })
  await fleet.store.hset(`${fleet.redis.prefix}:deployment:${id}:callback`, 'outcome', outcome)
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
})
