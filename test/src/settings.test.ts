import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readConfigFile, SettingsError } from '../../src/settings/parse.ts'
import { readServerSettings } from '../../src/settings/server.ts'
import { readWorkerSettings } from '../../src/settings/worker.ts'

const server = { GITHUB_WEBHOOK_SECRET: 'one' }
const worker = { GITHUB_TOKEN: 'a token' }

t.test('what is not set has the default of the contract', async (t) => {
  t.strictSame(readServerSettings(server), {
    port: 4567,
    host: '127.0.0.1',
    redisUrl: 'redis://127.0.0.1:6379',
    publicUrl: 'http://localhost:4567',
    githubServerUrl: 'https://github.com',
    webhookSecrets: ['one'],
    githubApiUrl: 'https://api.github.com',
    maxConnections: 2000,
    requestsPerMinute: 1200,
    configFile: undefined,
    logLevel: 'info',
  })
  t.strictSame(readWorkerSettings(worker), {
    redisUrl: 'redis://127.0.0.1:6379',
    publicUrl: 'http://localhost:4567',
    webhookUrl: 'http://localhost:4567/event_handler',
    githubToken: 'a token',
    githubApiUrl: 'https://api.github.com',
    githubServerUrl: 'https://github.com',
    cacheDir: '.livraison/cache',
    cacheMaxBytes: 5000 * 1024 * 1024,
    hostEnv: {},
    labels: ['default'],
    concurrency: 10,
    checkConcurrency: 2,
    simulatedWorkMs: 2000,
    leaseMs: 30_000,
    stalledMs: 5000,
    drainMs: 30_000,
    retention: { keptMs: 90 * 24 * 3600 * 1000, keptPerLane: 1000 },
    reconcileMs: 300_000,
    metricsHost: '127.0.0.1',
    configFile: undefined,
    logLevel: 'info',
  })
})

type Row = [name: string, value: string, setting: string, read: unknown]

const goodForTheServer: Row[] = [
  ['PORT', '0', 'port', 0],
  ['PORT', '65535', 'port', 65535],
  ['PORT', '8080', 'publicUrl', 'http://localhost:8080'],
  ['PORT', '', 'port', 4567],
  ['PORT', '  ', 'port', 4567],
  ['HOST', '0.0.0.0', 'host', '0.0.0.0'],
  ['REDIS_URL', 'redis://:word@redis.internal:6380/2', 'redisUrl', 'redis://:word@redis.internal:6380/2'],
  ['REDIS_URL', 'rediss://redis.internal', 'redisUrl', 'rediss://redis.internal'],
  ['PUBLIC_URL', 'https://deploy.example/', 'publicUrl', 'https://deploy.example'],
  ['PUBLIC_URL', 'http://deploy.example/below//', 'publicUrl', 'http://deploy.example/below'],
  ['GITHUB_SERVER_URL', 'https://git.example/', 'githubServerUrl', 'https://git.example'],
  ['GITHUB_WEBHOOK_SECRET', 'new,old', 'webhookSecrets', ['new', 'old']],
  ['GITHUB_WEBHOOK_SECRET', ' new , old ,, ', 'webhookSecrets', ['new', 'old']],
  ['HUBOT_SECRET', 'new, old,', 'hubotSecrets', ['new', 'old']],
  ['GITHUB_TOKEN', 'a token', 'githubToken', 'a token'],
  ['GITHUB_API_URL', 'https://github.example/api/v3/', 'githubApiUrl', 'https://github.example/api/v3'],
  ['TRUST_PROXY', 'loopback, 10.0.0.0/8,::1', 'trustProxy', 'loopback, 10.0.0.0/8,::1'],
  ['API_REQUESTS_PER_MINUTE', '60', 'requestsPerMinute', 60],
  ['MAX_CONNECTIONS', '100', 'maxConnections', 100],
  ['WEBHOOK_ALLOW_FROM', 'github', 'allowFrom', { github: true, ranges: [] }],
  [
    'WEBHOOK_ALLOW_FROM',
    '192.0.2.0/24, 2001:db8::1,github',
    'allowFrom',
    { github: true, ranges: ['192.0.2.0/24', '2001:db8::1'] },
  ],
  ['LOG_LEVEL', 'debug', 'logLevel', 'debug'],
  ['LOG_LEVEL', 'silent', 'logLevel', 'silent'],
]

const goodForTheWorker: Row[] = [
  ['GITHUB_API_URL', 'https://github.example/api/v3/', 'githubApiUrl', 'https://github.example/api/v3'],
  ['GITHUB_SERVER_URL', 'https://github.example/', 'githubServerUrl', 'https://github.example'],
  ['CACHE_DIR', '/var/cache/livraison', 'cacheDir', '/var/cache/livraison'],
  ['CACHE_MAX_MB', '0', 'cacheMaxBytes', 0],
  ['CACHE_MAX_MB', '1000', 'cacheMaxBytes', 1000 * 1024 * 1024],
  ['PATH', '/usr/bin', 'hostEnv', { PATH: '/usr/bin' }],
  ['https_proxy', 'http://proxy.internal:3128', 'hostEnv', { https_proxy: 'http://proxy.internal:3128' }],
  ['AWS_SECRET_ACCESS_KEY', 'hidden', 'hostEnv', {}],
  ['WORKER_LABELS', ' Production, eu,production', 'labels', ['eu', 'production']],
  ['WORKER_LABELS', ' , ', 'labels', ['default']],
  ['WORKER_CONCURRENCY', '1', 'concurrency', 1],
  ['WORKER_CONCURRENCY', '1000', 'concurrency', 1000],
  ['CHECK_CONCURRENCY', '7', 'checkConcurrency', 7],
  ['SIMULATED_WORK_SECONDS', '0', 'simulatedWorkMs', 0],
  ['SIMULATED_WORK_SECONDS', '0.5', 'simulatedWorkMs', 500],
  ['SIMULATED_WORK_SECONDS', '3600', 'simulatedWorkMs', 3_600_000],
  ['LEASE_SECONDS', '1', 'leaseMs', 1000],
  ['STALLED_SECONDS', '0.5', 'stalledMs', 500],
  ['DRAIN_SECONDS', '0', 'drainMs', 0],
  ['RECONCILE_SECONDS', '0', 'reconcileMs', 0],
  ['METRICS_PORT', '9464', 'metricsPort', 9464],
  ['PORT', '8080', 'publicUrl', 'http://localhost:8080'],
  ['GITHUB_APP_ID', '', 'githubToken', 'a token'],
]

t.test('good values are read', async (t) => {
  for (const [name, value, setting, read] of goodForTheServer) {
    const settings: Record<string, unknown> = readServerSettings({ ...server, [name]: value })
    t.strictSame(settings[setting], read, `${name}=${value}`)
  }
  for (const [name, value, setting, read] of goodForTheWorker) {
    const settings: Record<string, unknown> = readWorkerSettings({ ...worker, [name]: value })
    t.strictSame(settings[setting], read, `${name}=${value}`)
  }
})

const badPort = 'PORT must be a port number from 0 to 65535, not'
const badProxy =
  'TRUST_PROXY must be addresses such as 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas, not'
const badConcurrency = 'WORKER_CONCURRENCY must be a whole number from 1 to 1000, not'
const badSeconds = 'SIMULATED_WORK_SECONDS must be a number of seconds from 0 to 3600, not'

const bad: [read: 'server' | 'worker', name: string, value: string | undefined, complaint: string][] = [
  ['server', 'PORT', '65536', `${badPort} "65536"`],
  ['server', 'PORT', '-1', `${badPort} "-1"`],
  ['server', 'PORT', '80.5', `${badPort} "80.5"`],
  ['server', 'TRUST_PROXY', 'true', `${badProxy} "true"`],
  ['server', 'TRUST_PROXY', '10.0.0.0/33', `${badProxy} "10.0.0.0/33"`],
  ['server', 'WEBHOOK_ALLOW_FROM', 'example.com', 'WEBHOOK_ALLOW_FROM must be github, addresses, or ranges'],
  ['server', 'WEBHOOK_ALLOW_FROM', '10.0.0.0/99', 'WEBHOOK_ALLOW_FROM must be github, addresses, or ranges'],
  ['server', 'MAX_CONNECTIONS', '1', 'MAX_CONNECTIONS must be a whole number from 10 to 100000'],
  ['server', 'SLACK_SIGNING_SECRET', ' , ', 'SLACK_SIGNING_SECRET holds no secret'],
  ['server', 'SLACK_APP_TOKEN', 'xoxb-1', 'SLACK_APP_TOKEN is no app-level token: that begins with xapp-'],
  ['server', 'SLACK_BOT_TOKEN', 'xoxp-1', 'SLACK_BOT_TOKEN is no token of a bot: that begins with xoxb-'],
  ['server', 'SLACK_TEAM_ID', 'T1,acme', 'SLACK_TEAM_ID must be ids of workspaces (T...) or organizations'],
  ['server', 'SLACK_API_URL', 'slack.com', 'SLACK_API_URL must be an address that begins with http:// or'],
  ['server', 'PORT', 'http', `${badPort} "http"`],
  ['server', 'HUBOT_SECRET', ' , ', 'HUBOT_SECRET holds no secret'],
  ['server', 'PORT', '0x50', `${badPort} "0x50"`],
  [
    'server',
    'REDIS_URL',
    'localhost:6379',
    'REDIS_URL must be an address that begins with redis://, rediss://,',
  ],
  [
    'server',
    'REDIS_URL',
    'http://host',
    'REDIS_URL must be an address that begins with redis://, rediss://,',
  ],
  [
    'server',
    'REDIS_URL',
    'redis://a,redis://b/1',
    'REDIS_URL names a database, and a Redis Cluster has only database 0',
  ],
  [
    'server',
    'PUBLIC_URL',
    'deploy.example',
    'PUBLIC_URL must be an address that begins with http:// or https://',
  ],
  [
    'server',
    'LOG_LEVEL',
    'loud',
    'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
  ],
  ['server', 'CONFIG_FILE', 'no/such.yml', 'CONFIG_FILE names "no/such.yml", and there is no such file'],
  ['worker', 'CONFIG_FILE', 'no/such.yml', 'CONFIG_FILE names "no/such.yml"'],
  [
    'server',
    'GITHUB_WEBHOOK_SECRET',
    undefined,
    'GITHUB_WEBHOOK_SECRET is not set: choose a long random text',
  ],
  ['server', 'GITHUB_WEBHOOK_SECRET', ' ', 'GITHUB_WEBHOOK_SECRET is not set: choose a long random text'],
  ['server', 'GITHUB_WEBHOOK_SECRET', ' , ', 'GITHUB_WEBHOOK_SECRET holds no secret'],
  ['worker', 'GITHUB_TOKEN', undefined, 'GITHUB_TOKEN is not set, nor GITHUB_APP_ID'],
  ['worker', 'GITHUB_APP_ID', '12', 'GITHUB_APP_PRIVATE_KEY or GITHUB_APP_PRIVATE_KEY_FILE is not set'],
  [
    'worker',
    'GITHUB_API_URL',
    'api.github.com',
    'GITHUB_API_URL must be an address that begins with http:// or',
  ],
  ['worker', 'WORKER_LABELS', 'a b', 'WORKER_LABELS must be labels of letters, digits, dots, hyphens'],
  ['worker', 'WORKER_LABELS', 'a+b', 'WORKER_LABELS must be labels of'],
  ['worker', 'WORKER_CONCURRENCY', '0', `${badConcurrency} "0"`],
  ['worker', 'WORKER_CONCURRENCY', '1001', `${badConcurrency} "1001"`],
  ['worker', 'WORKER_CONCURRENCY', '2.5', `${badConcurrency} "2.5"`],
  ['worker', 'CHECK_CONCURRENCY', '0', 'CHECK_CONCURRENCY must be a whole number from 1 to 1000, not "0"'],
  ['worker', 'SIMULATED_WORK_SECONDS', '-1', `${badSeconds} "-1"`],
  ['worker', 'SIMULATED_WORK_SECONDS', '3601', `${badSeconds} "3601"`],
  ['worker', 'SIMULATED_WORK_SECONDS', 'long', `${badSeconds} "long"`],
  ['worker', 'LEASE_SECONDS', '0.5', 'LEASE_SECONDS must be a number of seconds from 1 to 600, not "0.5"'],
  ['worker', 'STALLED_SECONDS', '0', 'STALLED_SECONDS must be a number of seconds from 0.5 to 300, not "0"'],
  ['worker', 'DRAIN_SECONDS', '-1', 'DRAIN_SECONDS must be a number of seconds from 0 to 3600, not "-1"'],
]

t.test('bad values are refused in words', async (t) => {
  for (const [who, name, value, complaint] of bad) {
    const env = { ...(who === 'server' ? server : worker), [name]: value }
    const lines = complaintsOf(t, () =>
      who === 'server' ? readServerSettings(env) : readWorkerSettings(env),
    )
    t.equal(lines.length, 1, `one complaint about ${name}=${value}`)
    t.ok(lines[0]?.startsWith(`  ${complaint}`), `it says: ${complaint}`, { lines })
  }
})

t.test('all problems are in one message, and the secrets are in none', async (t) => {
  const secret = 'hunter2'
  const env = {
    PORT: 'http',
    LOG_LEVEL: 'loud',
    REDIS_URL: `http://:${secret}@host`,
    PUBLIC_URL: `ftp://user:${secret}@host`,
    GITHUB_APP_ID: '12',
    GITHUB_APP_PRIVATE_KEY: secret,
    GITHUB_WEBHOOK_SECRET: secret,
    GITHUB_TOKEN: secret,
    WORKER_CONCURRENCY: 'x',
    GITHUB_API_URL: `ssh://${secret}@host`,
  }
  const ofServer = complaintsOf(t, () => readServerSettings(env))
  t.strictSame(ofServer.map(nameIn).sort(), [
    'GITHUB_API_URL',
    'GITHUB_APP_PRIVATE_KEY',
    'LOG_LEVEL',
    'PORT',
    'PUBLIC_URL',
    'REDIS_URL',
  ])
  const ofWorker = complaintsOf(t, () => readWorkerSettings(env))
  t.strictSame(ofWorker.map(nameIn).sort(), [
    'GITHUB_API_URL',
    'GITHUB_APP_PRIVATE_KEY',
    'LOG_LEVEL',
    'PORT',
    'PUBLIC_URL',
    'REDIS_URL',
    'WORKER_CONCURRENCY',
  ])
  t.notOk([...ofServer, ...ofWorker].join().includes(secret))
})

t.test('livraison.yml is the configuration file if it lies there, and another if it is named', async (t) => {
  const before = process.cwd()
  const dir = mkdtempSync(join(tmpdir(), 'livraison-settings-'))
  t.teardown(() => {
    process.chdir(before)
    rmSync(dir, { recursive: true })
  })
  writeFileSync(join(dir, 'livraison.yml'), '')
  process.chdir(dir)
  t.equal(readServerSettings(server).configFile, 'livraison.yml')
  t.equal(readWorkerSettings(worker).configFile, 'livraison.yml')
  t.equal(readConfigFile({}), 'livraison.yml')
  writeFileSync(join(dir, 'mine.yml'), '')
  t.equal(readWorkerSettings({ ...worker, CONFIG_FILE: 'mine.yml' }).configFile, 'mine.yml')
})

/** The lines of the message after its first, each a problem. */
function complaintsOf(t: Test, read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    const [first, ...lines] = error.message.split('\n')
    t.equal(first, 'These settings are missing or unusable:')
    return lines
  }
  return []
}

function nameIn(line: string): string {
  return line.trim().split(' ')[0] ?? ''
}

t.test('an OAuth app is both of its settings, or none', async (t) => {
  const [id, secret] = [{ GITHUB_OAUTH_CLIENT_ID: 'an id' }, { GITHUB_OAUTH_CLIENT_SECRET: 'hunter2' }]
  t.equal(readServerSettings(server).oauth, undefined)
  t.strictSame(readServerSettings({ ...server, ...id, ...secret }).oauth, { id: 'an id', secret: 'hunter2' })
  t.match(
    complaintsOf(t, () => readServerSettings({ ...server, ...id })),
    [/GITHUB_OAUTH_CLIENT_SECRET is not set, but GITHUB_OAUTH_CLIENT_ID is: set both or neither$/],
  )
  t.match(
    complaintsOf(t, () => readServerSettings({ ...server, ...secret })),
    [/GITHUB_OAUTH_CLIENT_ID is not set, but GITHUB_OAUTH_CLIENT_SECRET is: set both or neither$/],
  )
})

t.test('Slack is there once requests or a socket can be taken', async (t) => {
  const slack = (env: Record<string, string>) => readServerSettings({ ...server, ...env }).slack
  t.equal(slack({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_TEAM_ID: 'T1' }), undefined)
  t.same(slack({ SLACK_SIGNING_SECRET: 'new, old', SLACK_BOT_TOKEN: 'xoxb-1', SLACK_TEAM_ID: 'T1, E2' }), {
    ...{ signingSecrets: ['new', 'old'], appToken: undefined, botToken: 'xoxb-1', teams: ['T1', 'E2'] },
    apiUrl: 'https://slack.com/api',
  })
  t.same(slack({ SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: 'https://slack-gov.com/api/' }), {
    ...{ signingSecrets: [], appToken: 'xapp-1', botToken: undefined, teams: [] },
    apiUrl: 'https://slack-gov.com/api',
  })
})

t.test("GitHub's own addresses are known of github.com only", async (t) => {
  const settings = { ...server, GITHUB_API_URL: 'https://git.example/api/v3' }
  t.throws(() => readServerSettings({ ...settings, WEBHOOK_ALLOW_FROM: 'github' }), {
    name: 'SettingsError',
    message:
      /WEBHOOK_ALLOW_FROM says github, .* the API is at git\.example: name the addresses of that server/,
  })
  t.match(readServerSettings({ ...settings, WEBHOOK_ALLOW_FROM: '10.0.0.0/8' }), {
    allowFrom: { github: false },
  })
})
