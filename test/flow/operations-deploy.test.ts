import t, { type Test } from 'tap'
import { eventually, type Fleet, type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'
import { isError, startReceiver } from '../fixtures/receiver.ts'

const config = `repositories:
  acme/shop:
    environments:
      staging: { on: manual, simulate: 5ms }
      production: { after: staging, simulate: 5ms }
      eu: { simulate: 5ms, paths: ["apps/**"] }
`

const start = (t: Test, options: FleetOptions = {}) => startFleet(t, { config, ...options })

/** Asks for a deployment of acme/shop to staging. */
const deploy = ({ receiver }: Fleet, wish: object = {}, headers = {}) =>
  receiver.act(
    'POST',
    '/deployments',
    { repository: shop, environment: 'staging', ref: 'main', ...wish },
    headers,
  )

const audit = async ({ receiver }: Fleet) =>
  (await receiver.api('/audit')).body.entries as { action: string; outcome: string; text: string }[]

t.test('a branch, a tag, a short and a full sha are deployed, whatever the paths say', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  const sha = await sandbox.push(shop, { message: 'A change', files: { 'docs/a.md': 'a' } })
  await sandbox.pushTag(shop, { name: 'v1', message: 'The first' })
  const rows = [
    { ref: 'main', named: { branch: 'main' } },
    { ref: 'v1', named: { tag: 'v1' } },
    { ref: sha.slice(0, 8), named: {} },
    { ref: sha, named: {} },
  ]
  for (const { ref, named } of rows) {
    const { status, body } = await deploy(fleet, {
      ref,
      payload: { size: 3, request: 'mine', deploy_user: 'eve' },
    })
    t.equal(status, 201, ref)
    const id = Number(body.deployment)
    t.match(body, {
      outcome: 'done',
      repository: shop,
      environment: 'staging',
      sha,
      text: `Deployment #${id} of `,
    })
    const made = sandbox.deployments(shop).find((each) => each.id === id)
    t.match(made, {
      sha,
      environment: 'staging',
      payload: { size: 3, deploy_user: 'ADMIN_TOKEN', request: body.request, ...named },
    })
    t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
    t.match((await fleet.receiver.api(`/deployments/${shop}/${id}`)).body, {
      request: body.request,
      ...named,
    })
    t.match((await fleet.receiver.api(`/requests/${body.request}`)).body, {
      by: 'ADMIN_TOKEN',
      face: 'api',
      ref,
      deployment: id,
    })
  }
  const elsewhere = await deploy(fleet, { environment: 'EU' })
  t.match(elsewhere.body, { environment: 'eu', sha })
  t.same(await fleet.finalStates(Number(elsewhere.body.deployment)), ['pending', 'in_progress', 'success'])
  t.same(sandbox.violations, [])
})

t.test('what does not exist is said in words, and noted', async (t) => {
  const fleet = await start(t)
  const rows: [wish: object, status: number, words: RegExp][] = [
    [{ ref: 'no-such' }, 422, /^acme\/shop has no branch, tag or commit no-such\.$/],
    [{ ref: 'abcdef0' }, 422, /no branch, tag or commit abcdef0/],
    [
      { environment: 'stagin' },
      404,
      /stagin is not an environment of acme\/shop; there is staging, production, eu\. Did you mean staging\?$/,
    ],
    [{ repository: 'acme/shpo' }, 404, /^acme\/shpo is not in livraison\.yml\. Did you mean acme\/shop\?$/],
    [{ force: true }, 422, /needs a reason/],
    [{ ref: undefined }, 400, /ref is missing/],
    [{ ref: 3, speed: 'fast' }, 400, /ref must be a text; speed means nothing here/],
  ]
  await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
  await eventually(
    async () => ((await fleet.receiver.api('/deliveries')).body.deliveries as []).length > 0,
    'it is known',
  )
  for (const [wish, status, words] of rows) isError(t, await deploy(fleet, wish), status, words)
  t.equal(fleet.sandbox.deployments(shop).length, 0)
  t.same(
    (await fleet.receiver.jobIds()).filter((id) => id.startsWith('request-')),
    [],
  )
  const noted = await audit(fleet)
  t.same(noted.map(({ outcome }) => outcome).reverse(), [
    'invalid',
    'invalid',
    'unknown',
    'unknown',
    'invalid',
  ])
  t.match(noted[0], {
    action: 'deploy',
    actor: { kind: 'admin', name: 'ADMIN_TOKEN', face: 'api' },
    text: /reason/,
  })
})

t.test('without a token for GitHub, that is said', async (t) => {
  const fleet = await start(t)
  const receiver = await startReceiver(t, { redis: fleet.redis, rules: fleet.rules })
  await fleet.sandbox.push(shop, { message: 'So that the repository is known' })
  await eventually(
    async () => ((await receiver.api('/deliveries')).body.deliveries as []).length > 0,
    'it is known',
  )
  const wish = { repository: shop, environment: 'staging', ref: 'main' }
  isError(
    t,
    await receiver.act('POST', '/deployments', wish),
    503,
    /set GITHUB_APP_ID or GITHUB_TOKEN for the receiver/,
  )
})

t.test('one key is one deployment, even if the branch has moved', async (t) => {
  const fleet = await start(t)
  const key = { 'Idempotency-Key': 'release 7' }
  const [one, other] = await Promise.all([deploy(fleet, {}, key), deploy(fleet, {}, key)])
  await fleet.sandbox.push(shop, { message: 'Another' })
  const later = await deploy(fleet, {}, key)
  t.ok(one.body.deployment)
  t.same([other.body.deployment, later.body.deployment], [one.body.deployment, one.body.deployment])
  t.match(later.body, { sha: one.body.sha, text: /was made before/ })
  isError(t, await deploy(fleet, { environment: 'production' }, key), 422, /key was used for another/)
  const toStaging = fleet.sandbox.deployments(shop).filter((each) => each.environment === 'staging')
  t.equal(toStaging.length, 1)
  t.not((await deploy(fleet, {}, { 'Idempotency-Key': 'release 8' })).body.deployment, one.body.deployment)
})

t.test('CI is waited for, and what is red is refused, forced or not', async (t) => {
  const fleet = await start(t)
  const { sandbox, receiver } = fleet
  const sha = await sandbox.push(shop, { message: 'A change' })
  await sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' })
  const waiting = await deploy(fleet)
  t.equal(waiting.status, 202)
  t.match(waiting.body, {
    text: /waits for the CI of [0-9a-f]{7}: ci\/test \(pending\), and is deployed after that\.$/,
  })
  t.equal(waiting.body.deployment, null)
  const request = () => receiver.api(`/requests/${waiting.body.request}`)
  t.match((await request()).body, { deployment: null, refused: null, waitsFor: /ci\/test/ })
  await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'ci/test' })
  const made = await eventually(async () => (await request()).body.deployment, 'it is made')
  t.same(await fleet.finalStates(Number(made)), ['pending', 'in_progress', 'success'])

  await sandbox.createCommitStatus(shop, sha, { state: 'failure', context: 'ci/test' })
  for (const force of [{}, { force: true, reason: 'The shop is down' }]) {
    const words = /^The CI of [0-9a-f]{7} has failed: ci\/test \(failure\)\. Push a fix/
    isError(t, await deploy(fleet, force), 409, words)
  }
  t.equal(sandbox.deployments(shop).length, 1)
})

t.test('a lock is in the way at once; a soft one is forced, with a reason', async (t) => {
  const fleet = await start(t)
  const { receiver, sandbox } = fleet
  await sandbox.push(shop, { message: 'So that the repository is known' })
  const path = `/locks/${shop}/staging`
  t.equal((await receiver.act('PUT', path, { reason: 'A migration', kind: 'soft' })).status, 200)
  isError(
    t,
    await deploy(fleet),
    409,
    /^staging of acme\/shop is locked by you: A migration\. Deploy with force and a reason/,
  )
  const forced = await deploy(fleet, { force: true, reason: 'It is urgent' })
  t.equal(forced.status, 201)
  t.same(await fleet.finalStates(Number(forced.body.deployment)), ['pending', 'in_progress', 'success'])
  t.match(sandbox.deployments(shop)[0]?.description, 'main by ADMIN_TOKEN, forced: It is urgent')
  await receiver.act('PUT', path, { reason: 'A migration', kind: 'hard' })
  isError(t, await deploy(fleet, { force: true, reason: 'It is urgent' }), 409, /Unlock it first\.$/)
  t.equal((await receiver.act('DELETE', path)).status, 200)
  await receiver.act('PUT', `/locks/${shop}`, { reason: 'Mine', owner_may_deploy: true })
  t.equal((await deploy(fleet)).status, 201)
})

t.test('a freeze and a closed window hold, until when is said, and force passes them', async (t) => {
  const fleet = await start(t)
  const { receiver, sandbox } = fleet
  await sandbox.push(shop, { message: 'So that the repository is known' })
  const frozen = await receiver.act('POST', '/freezes', { repository: shop, until: '2h', reason: 'The fair' })
  t.equal(frozen.status, 201)
  const held = await deploy(fleet)
  t.equal(held.status, 201)
  t.match(held.body.text, /is made\. Frozen until .*: The fair\./)
  const id = Number(held.body.deployment)
  await sandbox.whenever(() => fleet.states(id).includes('queued'))
  const forced = await deploy(fleet, { force: true, reason: 'The fair needs it', ref: 'main' })
  t.same(await fleet.finalStates(Number(forced.body.deployment)), ['pending', 'in_progress', 'success'])
  const { id: freeze } = frozen.body.freeze as { id: string }
  t.equal((await receiver.act('DELETE', `/freezes/${freeze}`)).status, 200)
  // The forced one was newer.
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'inactive'])
  isError(t, await receiver.act('DELETE', `/freezes/${freeze}`), 404, /There is no freeze/)
})

t.test('a request that a payload only claims is not believed', async (t) => {
  const fleet = await start(t)
  const { receiver, sandbox } = fleet
  const sha = await sandbox.push(shop, { message: 'A change' })
  const real = await deploy(fleet, { force: true, reason: 'It is urgent' })
  await fleet.finalStates(Number(real.body.deployment))
  await receiver.act('PUT', `/locks/${shop}`, { reason: 'A migration', kind: 'soft' })
  const forged = async (environment: string, ref: string) => {
    const made = await sandbox.createDeployment(shop, {
      ...{ ref, environment, auto_merge: false, required_contexts: [] },
      payload: { request: real.body.request },
    })
    if (!('id' in made)) throw new Error(made.message)
    await sandbox.whenever(() => fleet.states(made.id).includes('queued'), { what: `${environment} is held` })
    return (await receiver.api(`/deployments/${shop}/${made.id}`)).body
  }
  t.match(await forged('production', sha), { state: 'queued', request: null }, 'another environment')
  t.match(await forged('staging', sha), { state: 'queued', request: null }, 'the request has its deployment')
  await sandbox.push(shop, { message: 'Another' })
  t.match(await forged('staging', 'main'), { state: 'queued', request: null }, 'another commit')
})
