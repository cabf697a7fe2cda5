// What the doctor thinks of what it sees; all of it is pure.
import t from 'tap'
import { clockFinding } from '../../../../src/cli/doctor/clock.ts'
import { adviceOn } from '../../../../src/cli/doctor/git.ts'
import { hostFindings } from '../../../../src/cli/doctor/github/host.ts'
import { githubFinding } from '../../../../src/cli/doctor/github/rate-limit.ts'
import { missingByScopes, scopesIn } from '../../../../src/cli/doctor/github/scopes.ts'
import { diskFinding } from '../../../../src/cli/doctor/machine.ts'
import { neededEvents, neededRights } from '../../../../src/cli/doctor/needs.ts'
import { healthFinding, reachFindings } from '../../../../src/cli/doctor/public-url.ts'
import { isLoopback, isPrivate } from '../../../../src/cli/doctor/reach.ts'
import { redisAway, redisFindings } from '../../../../src/cli/doctor/redis.ts'
import { answersFinding, meaningOf } from '../../../../src/cli/doctor/webhook/answers.ts'
import { workerFindings } from '../../../../src/cli/doctor/workers.ts'
import { parseConfig } from '../../../../src/config/read-config.ts'
import { rulesWithoutFile } from '../../../../src/config/without-file.ts'

t.test('disks and GitHub', async (t) => {
  const gigabyte = 1024 ** 3
  t.match(diskFinding('cache', 6 * gigabyte, 5 * gigabyte), { level: 'ok' })
  t.match(diskFinding('cache', 4 * gigabyte, 5 * gigabyte), { level: 'warn', todo: /CACHE_MAX_MB/ })
  t.match(diskFinding('cache', 0.1 * gigabyte, 5 * gigabyte), { level: 'fail' })
  const finding = (status: number | undefined, left?: number, message = '') =>
    githubFinding(
      { status, message },
      left === undefined ? {} : { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': left },
      'https://api.github.com',
    )
  t.match(finding(200, 4999), { level: 'ok', text: /4999 of 5000 calls/ })
  t.match(finding(200, 12), { level: 'warn' })
  t.match(finding(401), { level: 'fail', todo: /GITHUB_TOKEN/ })
  t.match(finding(404), { level: 'ok' })
  t.match(finding(502), { level: 'fail', text: /502/ })
  t.match(finding(undefined, undefined, 'self-signed certificate'), { level: 'fail', todo: /GITHUB_CA_FILE/ })
})

t.test('which GitHub it is', async (t) => {
  const at = { githubServerUrl: 'https://ghe.example.com' }
  const of = (version: string) => hostFindings({ 'x-github-enterprise-version': version }, at)
  t.match(of('3.19.0'), [{ level: 'ok', text: 'Enterprise Server 3.19.0 at ghe.example.com' }])
  t.match(of('3.4.1'), [{ level: 'warn', text: /no rulesets.*deliveries/ }])
  t.strictSame(hostFindings({}, { githubServerUrl: 'https://github.com' }), [])
  t.match(hostFindings({}, { ...at, githubNote: 'GITHUB_API_URL is not set' }), [
    { text: /ghe\.example\.com; GITHUB_API/ },
  ])
})

t.test('Redis', async (t) => {
  const health = {
    version: '7.2',
    persistence: 'append-only file',
    maxmemoryPolicy: 'noeviction',
    warnings: [],
  }
  const facts = { health, roundTripMs: 0.2, aheadMs: 3, usedBytes: 1024 ** 2, maxBytes: 0 } as const
  t.ok(redisFindings(facts as never).every(({ level }) => level === 'ok'))
  const worst = redisFindings({
    ...facts,
    roundTripMs: 80,
    aheadMs: -90_000,
    usedBytes: 95,
    maxBytes: 100,
  } as never)
  t.match(worst.slice(1), [
    { of: 'Redis latency', level: 'warn', text: '80.0 ms there and back' },
    { of: 'Redis clock', level: 'warn', text: '90 s behind of ours', todo: /NTP/ },
    { of: 'Redis memory', level: 'warn', todo: /maxmemory/ },
  ])
  const old = { ...health, warnings: ['Redis 5.0 is too old: install 6.2 or newer.'] }
  t.match(redisFindings({ ...facts, health: old } as never)[0], { level: 'fail', todo: /6\.2/ })
  const away = redisAway(
    { redisUrl: 'redis://:secret@redis.internal:6379', namesRedis: true },
    'ECONNREFUSED',
  )
  t.match(away, { level: 'fail', text: /redis\.internal:6379/ })
  const advice = (url: string, reason: string) => redisAway({ redisUrl: url, namesRedis: true }, reason).todo
  t.match(advice('rediss://redis', 'self-signed certificate in certificate chain'), /REDIS_CA_FILE/)
  t.match(advice('rediss://redis', 'write ECONNRESET'), /REDIS_CERT_FILE and REDIS_KEY_FILE/)
  t.match(advice('redis+cluster://redis', "Cluster isn't ready"), /cluster-announce-ip/)
  t.notMatch(away.text, /secret/)
  t.match(redisAway({ redisUrl: 'redis://127.0.0.1', namesRedis: false }, ''), {
    level: 'warn',
    todo: /npm start/,
  })
})

t.test('clocks', async (t) => {
  const now = Date.parse('Thu, 01 Jan 2026 12:00:00 GMT')
  const at = (date: string) => clockFinding(date, now)
  t.match(at('Thu, 01 Jan 2026 12:00:01 GMT'), { level: 'ok' })
  t.match(at('Thu, 01 Jan 2026 12:00:30 GMT'), { level: 'warn', text: /behind/ })
  t.match(at('Thu, 01 Jan 2026 11:50:00 GMT'), { level: 'fail', text: /600 s ahead/, todo: /set-ntp/ })
  t.equal(at('never'), undefined)
})

t.test('addresses that nobody else reaches', async (t) => {
  for (const name of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'app.localhost'])
    t.ok(isLoopback(name), name)
  for (const name of ['127.example', 'github.com', '10.0.0.1']) t.notOk(isLoopback(name), name)
  for (const name of ['10.1.2.3', '172.20.0.1', '192.168.1.1', '[fd00::1]', 'nas', 'ci.internal']) {
    t.ok(isPrivate(name), name)
  }
  for (const name of ['172.32.0.1', '8.8.8.8', 'deploy.example.com', '[2606:4700::1]'])
    t.notOk(isPrivate(name), name)

  const github = { githubServerUrl: 'https://github.com', namesPublicUrl: true, tunnelUrl: undefined }
  const reach = (publicUrl: string, more = {}) => reachFindings({ ...github, publicUrl, ...more })
  t.match(reach('http://localhost:4567'), [{ level: 'warn', todo: /tunnel/ }])
  t.match(reach('http://localhost:4567', { namesPublicUrl: false }), [{ text: /^PUBLIC_URL is not set/ }])
  t.match(reach('http://localhost:4567', { tunnelUrl: 'https://smee.io/x' }), [{ level: 'ok', text: /smee/ }])
  t.match(reach('http://10.0.0.5:4567'), [{ level: 'warn', text: /private network/ }])
  t.match(reach('http://10.0.0.5:4567', { githubServerUrl: 'https://ghe.internal' }), [])
  t.match(reach('http://deploy.example.com'), [{ level: 'warn', text: /unencrypted/ }])
  t.strictSame(reach('https://deploy.example.com'), [])
})

t.test('who answers at PUBLIC_URL', async (t) => {
  const url = 'https://deploy.example.com'
  const well = { status: 200, version: '0.1.0' }
  t.match(healthFinding(url, 'ECONNREFUSED', undefined), { level: 'fail', text: /nobody answers/ })
  t.match(healthFinding(url, { status: 502, version: undefined }, undefined), {
    level: 'fail',
    text: /not Livraison/,
  })
  t.match(healthFinding(url, well, 200), { level: 'ok', text: /our secret/ })
  t.match(healthFinding(url, well, 401), { level: 'fail', text: /does not know our secret/ })
  t.match(healthFinding(url, well, 413), { level: 'fail', text: /413/ })
  t.match(healthFinding(url, well, undefined), { level: 'ok' })
})

t.test('what the configuration needs', async (t) => {
  const plain = rulesWithoutFile(0)
  const base = [
    'pull_request',
    'deployment',
    'deployment_status',
    'status',
    'check_run',
    'check_suite',
    'workflow_run',
    'issue_comment',
  ]
  const bare = plain.of('acme/shop')
  const text = `repositories:
  acme/shop:
    environments:
      production: { on: tag, tags: ['v*'], simulate: 1s }
    merge: { label: ship-it }
    checks: [{ context: lint, run: make lint }]
access: { teams: ['@acme/deployers'] }`
  const rich = parseConfig(text, 'livraison.yml', {})
  const full = rich.of('acme/shop')
  if (bare === undefined || full === undefined) return t.fail('there are rules')
  t.strictSame(neededEvents(bare), base)
  t.strictSame(neededEvents(full).sort(), [...base, 'push', 'pull_request_review', 'merge_group'].sort())
  const words = (of: typeof bare, access: typeof plain.access) =>
    neededRights(of, access).map(({ subject, access }) => `${subject} ${access}`)
  t.strictSame(words(bare, plain.access), [
    'contents read',
    'deployments write',
    'statuses read',
    'checks read',
    'pull_requests write',
    'repository_hooks write',
  ])
  const all = words(full, rich.access)
  for (const right of ['contents write', 'statuses write', 'members read']) t.ok(all.includes(right), right)

  const rights = neededRights(bare, plain.access)
  const lacking = (scopes: string, isPrivate = true) =>
    missingByScopes(scopesIn(scopes) ?? [], rights, isPrivate).map(({ subject }) => subject)
  t.strictSame(lacking('repo'), [])
  t.strictSame(lacking('repo_deployment, repo:status, admin:repo_hook'), [
    'contents',
    'checks',
    'pull_requests',
  ])
  t.strictSame(
    lacking('public_repo'),
    rights.map(({ subject }) => subject),
    'of a private repository',
  )
  t.strictSame(lacking('public_repo', false), ['repository_hooks'])
  t.strictSame(lacking('', false), ['deployments', 'pull_requests', 'repository_hooks'])
  t.equal(scopesIn(undefined), undefined)
})

t.test('why deliveries did not arrive, and what git says', async (t) => {
  const rows: [number, string, RegExp][] = [
    [401, '', /signature/],
    [404, '', /nothing at that address/],
    [503, '', /Redis/],
    [502, '', /found no receiver/],
    [500, '', /failed/],
    [418, '', /not taken/],
    [0, 'timed out', /in time/],
    [0, 'failed to connect to host', /could not connect/],
    [0, 'Peer certificate cannot be authenticated', /certificate/],
  ]
  for (const [statusCode, status, meaning] of rows)
    t.match(meaningOf({ statusCode, status }), { meaning, todo: /\S/ })
  const attempt = (statusCode: number) => ({
    ...{ id: '1', guid: 'g', event: 'push', action: null, status: statusCode === 200 ? 'OK' : 'Invalid' },
    ...{ statusCode, deliveredAt: 0, repositoryId: 1 },
  })
  t.match(answersFinding('x', []), { level: 'ok' })
  t.match(answersFinding('x', [attempt(200), attempt(202)]), { level: 'ok', text: 'the last 2 arrived' })
  t.match(answersFinding('x', [attempt(200), attempt(401)]), {
    level: 'warn',
    text: /1 of the last 2.*the newest did$/,
  })
  t.match(answersFinding('x', [attempt(401), attempt(200)]), { level: 'fail', text: /signature/ })
  const ping = (statusCode: number) => ({ ...attempt(statusCode), event: 'ping' })
  t.match(answersFinding('x', [ping(502)]), { level: 'ok' }, 'nobody was there yet when it was made')
  t.match(answersFinding('x', [attempt(200), ping(0)]), { level: 'ok', text: 'the last 1 arrived' })
  t.match(answersFinding('x', [ping(401)]), { level: 'fail', text: /signature/ })
  t.match(adviceOn('server certificate verification failed'), /GITHUB_CA_FILE/)
  t.match(adviceOn('Could not resolve host: github.com'), /GITHUB_SERVER_URL/)
  t.match(adviceOn("repository 'https://github.com/a/b.git/' not found"), /Contents: read/)
})

t.test('workers, and who is not there', async (t) => {
  const worker = { name: 'a', labels: ['default'], version: '1', concurrency: 1, startedAt: 0 }
  const none = { workers: [], pools: [], unattended: new Map([['deployments', 1]]) }
  t.strictSame(
    workerFindings(none).map(({ level }) => level),
    ['warn'],
  )
  const unattended = new Map([['deployments@eu+production', 1]])
  t.match(workerFindings({ workers: [worker, worker], pools: [], unattended }), [
    { level: 'ok', text: '2 are running' },
    {
      level: 'warn',
      text: /deployments that ask for the labels eu and production/,
      todo: /WORKER_LABELS=eu,production/,
    },
  ])
})
