// Every route, who may use it, and that nobody else gets anywhere.
import Fastify from 'fastify'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { enforceAccess } from '../../../src/access/enforce.ts'
import { openIdentity } from '../../../src/access/identity.ts'
import { isEnough, type Role, roles } from '../../../src/access/role.ts'
import type { RouteRole } from '../../../src/access/route-role.ts'
import { connectFailingFast, firstContact } from '../../../src/redis/redis.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { testRedis } from '../../fixtures/redis.ts'
import { testRules } from '../../fixtures/rules.ts'
import { makeToken, tokensOf } from '../../fixtures/tokens.ts'

/** A new route is put here, with the role that it needs, sorted by its address. */
const expected: Record<string, RouteRole> = {
  'GET /': 'viewer',
  'GET /api/audit': 'admin',
  'GET /api/channels': 'viewer',
  'GET /api/checks/:owner/:repo/:id': 'viewer',
  'GET /api/checks/:owner/:repo/:id/log': 'viewer',
  'GET /api/deliveries': 'viewer',
  'GET /api/deliveries/:guid': 'viewer',
  'POST /api/deliveries/:guid/replay': 'signed-in',
  'GET /api/deployments': 'viewer',
  'POST /api/deployments': 'signed-in',
  'GET /api/deployments/:owner/:repo/:id': 'viewer',
  'POST /api/deployments/:owner/:repo/:id/approve': 'viewer',
  'POST /api/deployments/:owner/:repo/:id/cancel': 'deployer',
  'GET /api/deployments/:owner/:repo/:id/log': 'viewer',
  'POST /api/deployments/:owner/:repo/:id/override': 'approver',
  'POST /api/deployments/:owner/:repo/:id/promote': 'deployer',
  'POST /api/deployments/:owner/:repo/:id/reject': 'viewer',
  'POST /api/deployments/:owner/:repo/:id/retry': 'deployer',
  'POST /api/deployments/:owner/:repo/:id/rollback': 'deployer',
  'GET /api/events': 'viewer',
  'GET /api/figures': 'viewer',
  'GET /api/freezes': 'viewer',
  'POST /api/freezes': 'signed-in',
  'DELETE /api/freezes/:id': 'signed-in',
  'DELETE /api/locks': 'admin',
  'GET /api/locks': 'viewer',
  'PUT /api/locks': 'admin',
  'DELETE /api/locks/:owner/:repo': 'deployer',
  'GET /api/locks/:owner/:repo': 'viewer',
  'PUT /api/locks/:owner/:repo': 'deployer',
  'DELETE /api/locks/:owner/:repo/:environment': 'deployer',
  'GET /api/locks/:owner/:repo/:environment': 'viewer',
  'PUT /api/locks/:owner/:repo/:environment': 'deployer',
  'GET /api/me': 'signed-in',
  'GET /api/openapi.json': 'signed-in',
  'GET /api/overview': 'viewer',
  'GET /api/requests/:id': 'signed-in',
  'GET /api/tokens': 'admin',
  'POST /api/tokens': 'admin',
  'DELETE /api/tokens/:id': 'admin',
  'GET /api/why/:owner/:repo/*': 'viewer',
  'GET /api/workers': 'viewer',
  'GET /assets/:version/:name': 'anybody',
  'GET /audit': 'admin',
  'GET /audit/export': 'admin',
  'POST /callbacks/:id/:token': 'anybody',
  'GET /deliveries': 'viewer',
  'GET /deliveries/:guid': 'viewer',
  'GET /deliveries/:guid/replay': 'signed-in',
  'POST /deliveries/:guid/replay': 'signed-in',
  'GET /deployments/:owner/:repo/:id': 'viewer',
  'GET /deployments/:owner/:repo/:id/approve': 'viewer',
  'POST /deployments/:owner/:repo/:id/approve': 'viewer',
  'GET /deployments/:owner/:repo/:id/cancel': 'deployer',
  'POST /deployments/:owner/:repo/:id/cancel': 'deployer',
  'GET /deployments/:owner/:repo/:id/log': 'viewer',
  'GET /deployments/:owner/:repo/:id/override': 'approver',
  'POST /deployments/:owner/:repo/:id/override': 'approver',
  'GET /deployments/:owner/:repo/:id/promote': 'deployer',
  'POST /deployments/:owner/:repo/:id/promote': 'deployer',
  'GET /deployments/:owner/:repo/:id/reject': 'viewer',
  'POST /deployments/:owner/:repo/:id/reject': 'viewer',
  'GET /deployments/:owner/:repo/:id/retry': 'deployer',
  'POST /deployments/:owner/:repo/:id/retry': 'deployer',
  'GET /deployments/:owner/:repo/:id/rollback': 'deployer',
  'POST /deployments/:owner/:repo/:id/rollback': 'deployer',
  'POST /event_handler': 'anybody',
  'GET /figures': 'viewer',
  'GET /healthz': 'anybody',
  'POST /hubot/commands': 'anybody',
  'GET /live': 'viewer',
  'GET /locks': 'viewer',
  'GET /locks/freeze': 'signed-in',
  'POST /locks/freeze': 'signed-in',
  'GET /locks/lock': 'signed-in',
  'POST /locks/lock': 'signed-in',
  'GET /locks/thaw': 'signed-in',
  'POST /locks/thaw': 'signed-in',
  'GET /locks/unlock': 'signed-in',
  'POST /locks/unlock': 'signed-in',
  'GET /metrics': 'viewer',
  'GET /queue': 'viewer',
  'GET /queue/raw': 'admin',
  'GET /queue/raw/*': 'admin',
  'GET /readyz': 'anybody',
  'GET /repositories/:owner/:repo': 'viewer',
  'GET /repositories/:owner/:repo/deploy': 'deployer',
  'POST /repositories/:owner/:repo/deploy': 'deployer',
  'GET /sign-in': 'anybody',
  'POST /sign-in': 'anybody',
  'GET /sign-in/github': 'anybody',
  'GET /sign-in/github/callback': 'anybody',
  'POST /sign-out': 'anybody',
  'POST /slack/commands': 'anybody',
  'POST /slack/interactions': 'anybody',
  'GET /tokens': 'admin',
  'POST /tokens': 'admin',
  'GET /tokens/:id/revoke': 'admin',
  'POST /tokens/:id/revoke': 'admin',
  'GET /why': 'viewer',
  'GET /why/:owner/:repo/*': 'viewer',
}

t.test('each route is in the table, with its role', async (t) => {
  const { app } = await startReceiver(t)
  const found = app.routeAccess().filter(({ method }) => method !== 'HEAD')
  t.strictSame(Object.fromEntries(found.map(({ method, url, role }) => [`${method} ${url}`, role])), expected)
})

t.test('no route answers those who may not use it', async (t) => {
  const receiver = await startReceiver(t, { requestsPerMinute: 100_000 })
  const tokens = tokensOf(t, receiver)
  const secrets = await Promise.all(roles.map(async (role) => [role, await makeToken(tokens, role)] as const))
  const elsewhere = await makeToken(tokens, 'admin', { repositories: ['acme/other'] })
  for (const { method, url, role } of receiver.app.routeAccess()) {
    if (role === 'anybody') continue
    const ask = (secret?: string) => send(receiver.url, method, url, secret)
    isRefusal(
      t,
      await ask(),
      `${method} ${url} without anything`,
      isApi(url) ? 401 : method === 'POST' ? 303 : 302,
    )
    isRefusal(t, await ask('liv_of-nobody'), `${method} ${url} with a token that is none`, 401)
    if (role === 'signed-in') continue
    for (const [weak, secret] of secrets.filter(([each]) => !isEnough(each, role as Role))) {
      isRefusal(t, await ask(secret), `${method} ${url} as ${weak}`, 403)
    }
    isRefusal(t, await ask(elsewhere), `${method} ${url} of another repository`, 403)
    const enough = secrets.find(([each]) => each === role)?.[1]
    t.notOk([401, 403].includes((await ask(enough)).status), `${method} ${url} as ${role}`)
  }
})

t.test('what is not there is told below /api only to those who are somebody', async (t) => {
  const receiver = await startReceiver(t)
  const viewer = await makeToken(tokensOf(t, receiver), 'viewer', { repositories: ['acme/shop'] })
  for (const path of ['/api', '/api/', '/api/nothing', '/%61pi/nothing', '/api/deployments/a/b/c/d/e']) {
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']) {
      isRefusal(t, await send(receiver.url, method, path), `${method} ${path}`, 401)
      t.equal((await send(receiver.url, method, path, viewer)).status, 404, `${method} ${path} as somebody`)
    }
  }
  isRefusal(t, await send(receiver.url, 'GET', '/%61pi/deployments'), 'another way to write it', 401)
  t.equal((await send(receiver.url, 'GET', '/nothing')).status, 404)
})

t.test('an app with a route that names no role does not start', async (t) => {
  const { url, prefix } = await testRedis(t)
  const log = pino({ level: 'silent' })
  const redis = connectFailingFast(url, log)
  t.teardown(() => redis.disconnect())
  await firstContact(redis)
  const app = Fastify()
  const tools = { redis, prefix, rules: testRules(), log, github: undefined, adminToken: undefined }
  const limits = { publicUrl: 'http://livraison.test', hasOAuth: false, requestsPerMinute: 10 }
  await enforceAccess(app, { identity: openIdentity(tools), ...limits })
  app.get('/open', async () => 'all of it')
  await t.rejects(async () => app.ready(), { message: 'GET /open does not say who may use it: config.role' })
})

async function send(url: string, method: string, path: string, secret?: string) {
  const response = await fetch(`${url}${path.replaceAll(/:\w+/g, '1').replace('*', 'production')}`, {
    method,
    redirect: 'manual',
    headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` },
  })
  // What is followed has no end.
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
  const text = isStream ? await response.body?.cancel().then(() => '') : await response.text()
  return { status: response.status, text: text ?? '', headers: response.headers }
}

type Sent = Awaited<ReturnType<typeof send>>

function isRefusal(t: Test, { status, text }: Sent, what: string, expectedStatus: number): void {
  t.equal(status, expectedStatus, what)
  if (text !== '') t.match(JSON.parse(text), { statusCode: expectedStatus, message: /./ }, what)
}

function isApi(url: string): boolean {
  return /^\/(api|metrics)/.test(url)
}
