// `livraison doctor`, with a real Redis and the sandbox as GitHub: all well, and then one thing after another broken.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import t from 'tap'
import { freePort } from '../../../../scripts/free-port.ts'
import { testSecret } from '../../../fixtures/deliveries.ts'
import { doctorsShop as shop, startMachine } from '../../../fixtures/doctor.ts'

// Each look of the doctor is a process of its own.
t.setTimeout(150_000)

t.test('all is well', async (t) => {
  const { sandbox, hookUrl, doctor, cwd } = await startMachine(t)
  await sandbox.createHook(shop, { url: hookUrl, secret: testSecret, contentType: 'json' })
  const { status, findings, stderr } = await doctor()
  t.equal(status, 0, stderr)
  t.strictSame(
    findings.filter(({ level }) => level !== 'ok'),
    [],
  )
  t.strictSame(
    findings.map(({ of }) => of),
    [
      ...['server', "the server's Redis", 'token', 'server settings', 'worker settings', 'configuration'],
      ...['git', 'disk', 'Redis', 'Redis latency', 'Redis clock', 'Redis memory', 'workers', 'PUBLIC_URL'],
      ...[
        'GitHub',
        'clock',
        `rights on ${shop}`,
        `webhook of ${shop}`,
        `deliveries to ${shop}`,
        `git of ${shop}`,
      ],
    ],
  )
  t.notOk(JSON.stringify(findings).includes(sandbox.token), 'no secret is told')
  t.notOk(JSON.stringify(findings).includes(testSecret))
  t.strictSame(sandbox.violations, [], 'it asks only what GitHub knows')
  t.strictSame(sandbox.deployments(shop), [], 'trying a right leaves nothing behind')
  t.equal(existsSync(join(cwd, '.livraison')), false, 'and without --fix nothing is changed')
})

t.test('Redis is away, full, forgetful, or drops what it holds', async (t) => {
  const { doctor, redis } = await startMachine(t)
  const store = new Redis(redis.url)
  t.teardown(() => store.disconnect())
  await store.config('SET', 'appendonly', 'no')
  await store.config('SET', 'maxmemory', '100mb')
  await store.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const bad = await doctor()
  t.match(bad.of('Redis'), {
    level: 'warn',
    text: /snapshots only, allkeys-lru/,
    todo: /appendonly yes.*noeviction/s,
  })
  t.match(bad.of('Redis memory'), { level: 'ok', text: /of 100\.0 MB/ })
  const away = await doctor([], { REDIS_URL: `redis://:hidden@127.0.0.1:${await freePort()}` })
  t.equal(away.status, 1)
  t.match(away.of('Redis'), { level: 'fail', text: /cannot be reached: .*ECONNREFUSED/ })
  t.notOk(JSON.stringify(away.findings).includes('hidden'))
  t.ok(away.of('GitHub'), 'the rest is looked at all the same')
})

t.test('a user of Redis without the rights, and workers that are not there', async (t) => {
  const { doctor, redis, endWorker } = await startMachine(t)
  const store = new Redis(redis.url)
  t.teardown(() => store.disconnect())
  await store.call('ACL', 'SETUSER', 'narrow', 'on', '>pass', '~{livraison}:*', '&*', '+@all')
  const narrow = await doctor([], { REDIS_URL: redis.url.replace('//', '//narrow:pass@') })
  t.match(narrow.of('Redis'), {
    level: 'fail',
    text: /NOPERM/,
    todo: /the keys below \{livraison:127\.0\.0\.1:\d+\}:/,
  })
  t.ok(narrow.of('GitHub'), 'the rest is looked at all the same')
  t.match((await doctor()).of('workers'), { level: 'ok', text: 'one is running' })
  await endWorker()
  t.match((await doctor()).of('workers'), { level: 'warn', text: 'none is running' })
})

t.test(
  'the server is down, is another, or is behind an address that only this machine reaches',
  async (t) => {
    const { doctor, receiver, sandbox, hookUrl } = await startMachine(t)
    await sandbox.createHook(shop, { url: hookUrl, secret: testSecret, contentType: 'json' })
    const nowhere = `http://127.0.0.1:${await freePort()}`
    const down = await doctor([], { LIVRAISON_URL: nowhere, PUBLIC_URL: nowhere })
    t.equal(down.status, 1)
    t.match(down.of('server'), { level: 'fail', text: /nobody answers/ })
    t.match(down.of('PUBLIC_URL'), { level: 'fail', text: /nobody answers/, todo: /Start the server/ })
    t.match(down.of('Redis'), { level: 'ok' })
    t.match(down.of('GitHub'), { level: 'ok' })

    const other = await doctor([], { GITHUB_WEBHOOK_SECRET: 'not what the receiver has' })
    t.match(other.of('PUBLIC_URL'), { level: 'fail', text: /does not know our secret/ })

    const github = { GITHUB_SERVER_URL: 'https://ghe.example.com' }
    const local = await doctor([], github)
    t.match(local.of('way from GitHub'), { level: 'warn', text: /this machine only/, todo: /tunnel/ })
    t.match(local.of(`webhook of ${shop}`), { level: 'warn', todo: /PUBLIC_URL/ })
    const wrong = await doctor([], { PUBLIC_URL: sandbox.url })
    t.match(wrong.of('PUBLIC_URL'), { level: 'fail', text: /not Livraison/ })
    t.ok(receiver.url)
  },
)

t.test('GitHub refuses the token, or has few calls left, or its clock is another', async (t) => {
  const { doctor, sandbox } = await startMachine(t)
  const refused = await doctor([], { GITHUB_TOKEN: 'wrong' })
  t.match(refused, { status: 1 })
  t.match(refused.of('GitHub'), { level: 'fail', todo: /GITHUB_TOKEN/ })
  t.equal(refused.of(`rights on ${shop}`), undefined, 'nothing more is asked')

  sandbox.faults.add({
    ...{ operation: 'rate-limit/get', times: 1 },
    answer: {
      status: 200,
      body: {},
      headers: {
        ...{ 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '3' },
        date: new Date(Date.now() - 300_000).toUTCString(),
      },
    },
  })
  const low = await doctor()
  t.match(low.of('GitHub'), { level: 'warn', text: /3 of 5000/ })
  t.match(low.of('clock'), { level: 'fail', text: /ahead of GitHub's/ })
  const gone = await doctor([], { GITHUB_API_URL: `http://127.0.0.1:${await freePort()}` })
  t.match(gone.of('GitHub'), { level: 'fail', text: /cannot be reached/, todo: /GITHUB_API_URL/ })
})

t.test('rights are missing: of a fine-grained token, and of a classic one', async (t) => {
  const { doctor, sandbox, cwd } = await startMachine(t)
  const merging =
    'repositories: { acme/shop: { merge: { label: ship-it }, checks: [{ context: lint, run: make }] } }'
  writeFileSync(join(cwd, 'livraison.yml'), merging)
  const body = { message: 'Resource not accessible by personal access token' }
  for (const operation of ['repos/create-deployment', 'git/create-ref', 'repos/create-commit-status']) {
    sandbox.faults.add({ operation, times: 1, answer: { status: 403, body } })
  }
  const fine = await doctor()
  t.match(fine.of(`rights on ${shop}`), {
    level: 'fail',
    text: 'missing: Contents: write (to merge pull requests); Deployments: write (to make deployments and report how they go); Commit statuses: write (to report the checks of pull requests)',
  })
  sandbox.faults.add({ operation: 'repos/list-webhooks', answer: { status: 403, body } })
  const hookless = await doctor()
  t.match(hookless.of(`rights on ${shop}`), { level: 'warn', text: /^missing: Webhooks: write/ })
  t.match(hookless.of(`webhook of ${shop}`), { level: 'warn', text: /may not read/ })

  const unseen = await doctor(['--repository', 'acme/other'], {})
  t.match(unseen.of('repository acme/other'), { level: 'warn', text: /leaves it out/ })
  writeFileSync(join(cwd, 'livraison.yml'), 'repositories: { acme/nothing: {} }')
  t.match((await doctor()).of('repository acme/nothing'), { level: 'fail', text: /may not see it/ })
  t.strictSame(sandbox.deployments(shop), [])
})

t.test('a classic token tells by its scopes', async (t) => {
  const { doctor, sandbox } = await startMachine(t, { edition: { scopes: 'repo:status, read:repo_hook' } })
  const { of } = await doctor()
  t.match(of(`rights on ${shop}`), {
    level: 'fail',
    text: /^missing: Deployments: write.*Pull requests: write.*Webhooks: write/,
  })
  t.notMatch(
    sandbox.requests.map(({ method }) => method),
    ['POST'],
    'nothing needs to be tried',
  )
})

t.test('git cannot fetch, and the disk cannot be written', async (t) => {
  const { doctor, sandbox, cwd } = await startMachine(t)
  sandbox.faults.add({ operation: 'git', answer: { status: 403 } })
  const bad = await doctor([], { PATH: process.env.PATH ?? '' })
  t.match(bad.of(`git of ${shop}`), {
    level: 'fail',
    text: /cannot be fetched: .*403/,
    todo: /Contents: read/,
  })
  const gitless = await doctor([], { PATH: cwd })
  t.match(gitless.of('git'), { level: 'fail', todo: /Install git/ })
  // Root may write anywhere.
  const file = join(cwd, 'file')
  writeFileSync(file, '')
  mkdirSync(join(cwd, 'closed'), { mode: 0o500 })
  if (process.getuid?.() !== 0) {
    const closed = await doctor([], { CACHE_DIR: join(cwd, 'closed', 'cache') })
    t.match(closed.of('disk'), { level: 'fail', text: /cannot be written/ })
  }
})

t.test('the settings and the configuration are wrong', async (t) => {
  const { doctor, cwd } = await startMachine(t)
  const settings = await doctor([], { STALLED_SECONDS: 'soon' })
  t.match(settings.of('worker settings'), { level: 'fail', text: /STALLED_SECONDS/ })
  t.ok(settings.of('GitHub'), 'what does not hang on it is looked at')
  t.match(await doctor(['--repository', 'shop']), { status: 2, stderr: /acme\/shop/ })
  writeFileSync(join(cwd, 'livraison.yml'), 'repositories: { acme/shop: { branches: main } }')
  const config = await doctor()
  t.equal(config.status, 1)
  t.match(config.of('configuration'), { level: 'fail', text: /branches/ })
})
