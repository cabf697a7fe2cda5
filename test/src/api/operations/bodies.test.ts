import t from 'tap'
import { signed } from '../../../fixtures/deliveries.ts'
import { isError, startReceiver } from '../../../fixtures/receiver.ts'
import { testRules } from '../../../fixtures/rules.ts'
import { eventFrom } from '../stores.ts'

const rules = testRules(`repositories:
  acme/shop: { environments: { production: { simulate: 5ms }, review/1: { simulate: 5ms } } }
`)

const isoTime = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

t.test('a body that is not understood is named field by field, and nothing is done', async (t) => {
  const receiver = await startReceiver(t, { rules })
  await receiver.deliver(signed('push', eventFrom()))
  const lock = '/locks/acme/shop/production'
  const rows: [
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    status: number,
    words: RegExp,
  ][] = [
    ['PUT', lock, undefined, 400, /reason is missing/],
    ['PUT', lock, [], 400, /it must be a JSON object/],
    ['PUT', lock, { reason: ' ' }, 400, /reason must not be empty/],
    [
      'PUT',
      lock,
      { reason: 'x', kind: 'firm', until: 1 },
      400,
      /kind must be one of hard, soft; until means nothing here/,
    ],
    [
      'PUT',
      lock,
      { reason: 'x', expires: 'soon' },
      400,
      /expires must be a time such as .*, or how long from now/,
    ],
    ['PUT', lock, { reason: 'x', expires: '2020-01-01T00:00:00Z' }, 400, /expires is in the past/],
    ['PUT', lock, { reason: 'x'.repeat(3000) }, 400, /reason must have at most 2000/],
    ['DELETE', `${lock}?force=1`, undefined, 400, /force means nothing here/],
    ['POST', '/freezes', { reason: 'x' }, 400, /until is missing/],
    [
      'POST',
      '/freezes',
      { reason: 1, until: 2, from: 'x', environment: '' },
      400,
      /environment must not be empty; from must be a time such as .*; until must be a text; reason must be a text/,
    ],
    ['POST', '/deployments/acme/shop/5/rollback', { to: 'x' }, 400, /to must be a deployment's number/],
    ['POST', '/deployments/acme/shop/5/rollback', undefined, 404, /knows no deployment #5/],
    ['POST', '/deliveries/x/replay', { force: true }, 400, /force means nothing here/],
    ['POST', '/freezes', { reason: 'x', until: '1h', from: '2h' }, 422, /must end after it begins/],
    [
      'POST',
      '/deployments',
      { repository: 'shop', ref: 'main', environment: 'x' },
      400,
      /repository must be a full name/,
    ],
    ['POST', '/deployments/acme/shop/x/cancel', {}, 404, /knows no deployment #x/],
    ['POST', '/deployments/acme/shop/5/cancel', { why: 'x' }, 400, /why means nothing here/],
    ['POST', '/deployments/acme/shop/5/explode', {}, 404, /There is nothing at/],
    ['PUT', '/locks/acme/shop/prodution', { reason: 'x' }, 404, /Did you mean production\?/],
  ]
  for (const [method, path, body, status, words] of rows) {
    isError(t, await receiver.act(method, path, body), status, words)
  }
  t.same((await receiver.api('/locks')).body, { locks: [] })
  isError(t, await receiver.api('/requests/none'), 404, /knows no request none/)
})

t.test('locks and freezes over HTTP, on places of all widths', async (t) => {
  const receiver = await startReceiver(t, { rules })
  await receiver.deliver(signed('push', eventFrom()))
  const owners = async (path: string) =>
    ((await receiver.api(path)).body.locks as { reason: string }[]).map(({ reason }) => reason)
  const put = (path: string, reason: string, more = {}) =>
    receiver.act('PUT', path, { reason, expires: '2h', ...more })
  t.match(await put('/locks/acme/shop/review%2F1', 'one'), {
    status: 200,
    body: {
      outcome: 'done',
      lock: {
        scope: { kind: 'environment', environment: 'review/1', repositoryId: 42 },
        owner: 'ADMIN_TOKEN',
        since: isoTime,
        expiresAt: isoTime,
        kind: 'hard',
        ownerMayDeploy: false,
      },
    },
  })
  await put('/locks/acme/shop', 'two', { kind: 'soft', owner_may_deploy: true })
  await put('/locks', 'three')
  t.same(await owners('/locks/acme/shop/review%2F1'), ['three', 'two', 'one'])
  t.same(await owners('/locks/acme/shop/production'), ['three', 'two'])
  t.same(await owners('/locks/acme/shop'), ['three', 'two', 'one'])
  t.equal((await owners('/locks')).length, 3)
  for (const path of ['/locks', '/locks/acme/shop', '/locks/acme/shop/review%2F1']) {
    t.equal((await receiver.act('DELETE', path)).status, 200)
  }
  isError(t, await receiver.act('DELETE', '/locks'), 404, /^Everything is not locked\.$/)

  const made = await receiver.act(
    'POST',
    '/freezes',
    { until: '2h', reason: 'The fair' },
    { 'user-agent': 'livraison-cli/1.0' },
  )
  t.match(made, { status: 201, body: { freeze: { scope: { kind: 'everything' }, by: 'ADMIN_TOKEN' } } })
  const times = { from: isoTime, until: isoTime, at: isoTime }
  t.match((await receiver.api('/freezes')).body, { freezes: [{ reason: 'The fair', ...times }] })
  t.match((await receiver.api('/audit?action=freeze')).body, { entries: [{ actor: { face: 'cli' } }] })
})
