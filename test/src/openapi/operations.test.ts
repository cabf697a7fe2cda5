// What people do is answered as the OpenAPI document says.
import t, { type Test } from 'tap'
import { type Fleet, shop, startFleet } from '../../fixtures/fleet.ts'
import { type Answer, get, testAdminToken } from '../../fixtures/receiver.ts'
import { documentOf, judgeOf, operationsOf } from './judge.ts'

const config = `repositories:
  acme/shop:
    environments:
      staging: { on: manual, simulate: 5ms }
      production: { on: manual, simulate: 5ms }
      careful: { on: manual, simulate: 5ms, approvals: { required: 1 } }
      frozen: { on: manual, simulate: 5ms }
`

type Method = 'get' | 'put' | 'post' | 'delete'

/** Asks a receiver, and judges each answer; what has succeeded is in `seen`. */
async function openApi(t: Test, { receiver }: Fleet) {
  const document = await documentOf(receiver)
  const judge = judgeOf(document)
  const seen = new Set<string>()
  const ask = async (
    [method, path]: [Method, string],
    status: number,
    names: Record<string, unknown> = {},
    {
      body,
      query = '',
      headers = {},
    }: { body?: object; query?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer['body']> => {
    const given: Record<string, unknown> = { owner: 'acme', repo: 'shop', ...names }
    const url = `${path.replace(/\{(\w+)\}/g, (_, name) => String(given[name]))}${query}`
    const authorization = `Bearer ${testAdminToken}`
    const answer =
      method === 'get'
        ? await get(`${receiver.url}/api${url}`, { authorization, ...headers })
        : await receiver.act(method.toUpperCase() as 'POST', url, body, headers)
    t.equal(answer.status, status, `${method} ${url}: ${JSON.stringify(answer.body)}`)
    judge(t, `/api${path}`, answer, method)
    if (status < 300) seen.add(`${method} /api${path}`)
    return answer.body
  }
  return { document, judge, seen, ask }
}

/** A deployment that somebody else made at GitHub, once it waits. */
async function waitingIn({ sandbox, states }: Fleet, environment: string): Promise<number> {
  await sandbox.push(shop, { message: `For ${environment}` })
  const wish = { ref: 'main', environment, auto_merge: false, required_contexts: [] }
  const made = await sandbox.createDeployment(shop, wish)
  if (!('id' in made)) throw new Error(made.message)
  await sandbox.whenever(() => states(made.id).includes('queued'), { what: `#${made.id} waits` })
  return made.id
}

t.test('operations', async (t) => {
  const fleet = await startFleet(t, { config })
  const { sandbox } = fleet
  const { document, judge, seen, ask } = await openApi(t, fleet)
  await sandbox.push(shop, { message: 'A change' })
  const on = (act: string): [Method, string] => ['post', `/deployments/{owner}/{repo}/{id}/${act}`]
  const wish = { repository: shop, environment: 'staging', ref: 'main' }
  const deploy = async (status = 201) => ask(['post', '/deployments'], status, {}, { body: wish })

  await t.test('deployments', async () => {
    const first = await deploy()
    await fleet.finalStates(Number(first.deployment))
    const id = first.deployment
    await ask(['get', '/requests/{id}'], 200, { id: first.request })
    await ask(['get', '/requests/{id}'], 404, { id: 'none' })
    await ask(on('retry'), 409, { id })
    await ask(on('cancel'), 409, { id })
    await ask(on('promote'), 422, { id })
    await ask(on('promote'), 201, { id }, { body: { environment: 'production' } })
    await sandbox.push(shop, { message: 'Another' })
    const second = (await deploy()).deployment
    await fleet.finalStates(Number(second))
    await ask(on('rollback'), 201, { id: second })
    const waiting = await waitingIn(fleet, 'careful')
    await ask(on('cancel'), 200, { id: waiting }, { body: { reason: 'Wrong branch' } })
    await ask(on('retry'), 201, { id: waiting })
    await ask(on('approve'), 200, { id: await waitingIn(fleet, 'careful') })
    await ask(on('reject'), 200, { id: await waitingIn(fleet, 'careful') })
    await ask(on('approve'), 404, { id: 'x' })
    const sha = await sandbox.push(shop, { message: 'A third' })
    await sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' })
    await deploy(202)
    await ask(['post', '/deployments'], 404, {}, { body: { ...wish, environment: 'nowhere' } })
    await ask(['post', '/deployments'], 422, {}, { body: { ...wish, force: true } })
    await ask(['post', '/deployments'], 400, {}, { body: { ref: 1 } })
  })

  await t.test('locks and freezes', async () => {
    const reason = { reason: 'A migration' }
    for (const path of ['/locks', '/locks/{owner}/{repo}', '/locks/{owner}/{repo}/{environment}']) {
      const names = { environment: 'frozen' }
      await ask(['put', path], 200, names, { body: { ...reason, expires: '2h' } })
      await ask(['put', path], 200, names, { body: { ...reason, kind: 'soft', owner_may_deploy: true } })
      await ask(['put', path], 400, names)
      await ask(['get', path], 200, names)
      await ask(['get', '/overview'], 200)
      await ask(['delete', path], 409, names, { query: '?id=another' })
      await ask(['delete', path], 200, names)
      await ask(['delete', path], 404, names)
    }
    const until = { until: '2h', ...reason }
    const everything = await ask(['post', '/freezes'], 201, {}, { body: { ...until, from: '1h' } })
    const { id } = everything.freeze as { id: string }
    await ask(['post', '/freezes'], 201, {}, { body: { ...until, repository: shop, environment: 'frozen' } })
    await ask(['post', '/freezes'], 422, {}, { body: { ...until, from: '3h' } })
    await ask(['get', '/freezes'], 200)
    await ask(['get', '/overview'], 200, {}, { query: `?repository=${shop}` })
    const held = await waitingIn(fleet, 'frozen')
    await ask(on('override'), 422, { id: held })
    await ask(on('override'), 200, { id: held }, { body: reason })
    await ask(['delete', '/freezes/{id}'], 200, { id })
    await ask(['delete', '/freezes/{id}'], 404, { id })
  })

  await t.test('deliveries, tokens and figures', async () => {
    const [delivery] = sandbox.deliveries()
    await ask(['post', '/deliveries/{guid}/replay'], 202, { guid: delivery?.guid })
    await ask(['post', '/deliveries/{guid}/replay'], 404, { guid: 'none' })
    const body = { name: 'ci', role: 'viewer', repositories: ['acme/*'], expires: '1d' }
    const { id, secret } = await ask(['post', '/tokens'], 201, {}, { body })
    await ask(['post', '/tokens'], 422, {}, { body: { ...body, role: 'root' } })
    await ask(['get', '/me'], 200)
    const headers = { authorization: `Bearer ${secret}` }
    await ask(['get', '/me'], 200, {}, { query: `?repository=${shop}`, headers })
    await ask(['get', '/tokens'], 403, {}, { headers })
    await ask(['get', '/tokens'], 200)
    await ask(['delete', '/tokens/{id}'], 200, { id })
    await ask(['delete', '/tokens/{id}'], 404, { id })
    await ask(['get', '/figures'], 200, {}, { query: '?days=7' })
    await ask(['get', '/figures'], 200, {}, { query: '?repository=acme/none&environment=x' })
    await ask(['get', '/figures'], 400, {}, { query: '?days=1' })
    await ask(['get', '/deployments/{owner}/{repo}/{id}'], 200, { id: sandbox.deployments(shop)[0]?.id })
  })

  await t.test('the audit trail, by pages and as lines', async (t) => {
    await ask(['get', '/audit'], 200, {}, { query: '?limit=2' })
    const { entries } = await ask(['get', '/audit'], 200, {}, { query: '?limit=200' })
    const response = await fetch(`${fleet.receiver.url}/api/audit`, {
      headers: { authorization: `Bearer ${testAdminToken}`, accept: 'application/x-ndjson' },
    })
    const lines = (await response.text()).trimEnd().split('\n')
    t.strictSame(
      lines.map((line) => JSON.parse(line)),
      entries,
    )
    for (const line of lines) {
      judge(t, '/api/audit', { status: 200, body: JSON.parse(line) }, 'get', 'application/x-ndjson')
    }
  })

  const tags = ['overview', 'locks', 'access', 'audit']
  for (const { name, method, operation } of operationsOf(document)) {
    const isHere = name.includes(' /api/') && (method !== 'get' || tags.includes(operation.tags?.[0] ?? ''))
    if (isHere) t.ok(seen.has(name), `${name} has been tried`)
  }
})
