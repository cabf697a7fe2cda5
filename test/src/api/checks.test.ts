// A check and its log, over the API.
import t from 'tap'
import { openChecks } from '../../../src/checks/checks.ts'
import { checkKeys } from '../../../src/checks/keys.ts'
import { openLogs } from '../../../src/deployments/log.ts'
import { get, isError, startReceiver, testAdminToken, testPublicUrl } from '../../fixtures/receiver.ts'
import { readEvents } from './read-events.ts'
import { openStores, shopRepository } from './stores.ts'

const sha = '1'.repeat(40)

t.test('a check that runs, as JSON, as text and followed live until it ends', async (t) => {
  const receiver = await startReceiver(t)
  const { redis } = await openStores(t, receiver)
  const keys = checkKeys(receiver.prefix)
  const checks = openChecks(redis, keys)
  const logs = openLogs(redis, keys)
  const pullRequest = { number: 7, sha, ref: 'topic', base: 'main', fork: true, author: 'mona' }
  const job = { repository: shopRepository, pullRequest, context: 'ci/test', at: 1000, delivery: 'guid' }
  const { id } = (await checks.want(job, 'job')) ?? { id: '' }
  t.match(id, /^[0-9a-f]{24}$/)
  const begun = await checks.begin(id, 1, 'host-1')
  if (!begun) throw new Error('it has not begun')
  await logs.append(id, ['one', 'two'])

  const path = `/checks/acme/shop/${id}`
  t.match(await receiver.api(path), {
    status: 200,
    body: {
      ...{
        id,
        repository: 'acme/shop',
        context: 'ci/test',
        pullRequest: 7,
        sha,
        state: 'running',
        fork: true,
      },
      ...{ description: null, worker: 'host-1', finishedAt: null },
      urls: {
        self: `${testPublicUrl}/api${path}`,
        log: `${testPublicUrl}/api${path}/log`,
        github: 'https://github.com/acme/shop/pull/7',
      },
    },
  })
  const authorization = `Bearer ${testAdminToken}`
  const text = await fetch(`${receiver.url}/api${path}/log`, { headers: { authorization } })
  t.equal(await text.text(), 'one\ntwo\n')

  const { events } = await readEvents(`${receiver.url}/api${path}/log`, { authorization })
  const next = async () => (await events.next()).value
  t.match(await next(), { data: 'one' })
  t.match(await next(), { data: 'two' })
  await logs.append(id, ['three'])
  t.match(await next(), { data: 'three' })
  await checks.end(begun, 'failure', 'Exit status 1.')
  t.match(await next(), { event: 'end', data: '{"state":"failure"}' })
})

t.test('what is not there is a 404, and nothing is told without the token', async (t) => {
  const receiver = await startReceiver(t)
  for (const id of ['f'.repeat(24), 'x', '..%2f..', '1', '*']) {
    for (const path of [`/checks/acme/shop/${id}`, `/checks/acme/shop/${id}/log`]) {
      isError(t, await receiver.api(path), 404, /knows no check/)
      isError(t, await get(`${receiver.url}/api${path}`), 401, /Authorization/)
    }
  }
})
