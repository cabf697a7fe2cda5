import t, { type Test } from 'tap'
import { type NewRequest, openRequests } from '../../../src/operations/requests.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { openStores } from '../api/stores.ts'

const wish: NewRequest = {
  ...{
    id: 'r',
    by: 'ada',
    face: 'cli',
    repositoryId: 42,
    repository: 'acme/shop',
    environment: 'production',
  },
  ...{ sha: 'a'.repeat(40), force: false },
}

async function start(t: Test) {
  const receiver = await startReceiver(t)
  const { redis } = await openStores(t, receiver)
  return { redis, requests: openRequests(redis, receiver.prefix), prefix: receiver.prefix }
}

t.test('a request is written down once, and has one result', async (t) => {
  const { requests, redis, prefix } = await start(t)
  const opened = await Promise.all([1, 2, 3].map(() => requests.open(wish)))
  t.equal(opened.filter(({ isNew }) => isNew).length, 1)
  t.match(await requests.read('r'), { ...wish, attempt: 1, at: Number })
  await requests.waits('r', 'the CI')
  t.match(await requests.read('r'), { waitsFor: 'the CI' })
  await requests.made('r', 7)
  await requests.refused('r', 'Too late.')
  await requests.waits('r', 'nothing')
  const { waitsFor, refused, deployment } = (await requests.read('r')) ?? {}
  t.same([waitsFor, refused, deployment], [undefined, undefined, 7])
  t.match(await requests.open(wish, true), { isNew: false, request: { deployment: 7, attempt: 1 } })
  t.ok((await redis.pttl(`${prefix}:request:r`)) > 0, 'it is forgotten one day')
  await requests.made('none', 7)
  t.equal(await requests.read('none'), undefined)
})

t.test('one that came to nothing is made anew only where that is wanted, and once', async (t) => {
  const { requests } = await start(t)
  await requests.open(wish)
  await requests.refused('r', 'Its CI has failed.')
  t.match(await requests.open(wish), { isNew: false, request: { refused: 'Its CI has failed.' } })
  const again = await Promise.all([1, 2, 3].map(() => requests.open(wish, true)))
  t.equal(again.filter(({ isNew }) => isNew).length, 1)
  t.match(await requests.read('r'), { attempt: 2, refused: undefined })
})

t.test('a deployment is believed to be of a request only if it was made for it', async (t) => {
  const { requests } = await start(t)
  await requests.open(wish)
  const deployment = {
    ...{ id: 7, sha: wish.sha, environment: 'production', request: 'r' },
    repository: { id: 42, owner: 'acme', name: 'shop' },
  }
  t.match(await requests.believed(deployment), { by: 'ada' })
  await requests.made('r', 8)
  t.equal(await requests.believed(deployment), undefined)
  t.match(await requests.believed({ ...deployment, id: 8 }), { by: 'ada' })
  t.equal(await requests.believed({ ...deployment, id: 8, request: 'none' }), undefined)
})
