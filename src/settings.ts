import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { parseEnv } from 'node:util'
import { z } from 'zod'

/** The settings are unusable; the message names every problem, one a line. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** Variables by their names. */
export type Environment = Record<string, string | undefined>

/** Digits only: `Number` would also take 0x10, 1e3 and blanks. */
const number = (shape: RegExp, what: string, min: number, max: number) =>
  z
    .string()
    .refine((value) => shape.test(value) && Number(value) >= min && Number(value) <= max, {
      error: notThis(what),
    })
    .transform(Number)

const wholeNumber = (what: string, min: number, max: number) => number(/^\d+$/, what, min, max)

const seconds = (min: number, max: number) =>
  number(/^\d+(\.\d+)?$/, `a number of seconds from ${min} to ${max}`, min, max).transform(
    (value) => value * 1000,
  )

const url = (protocols: string[]) => {
  const what = `an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`
  return z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be ${what}`,
  })
}

const webUrl = url(['http:', 'https:']).transform((value) => value.replace(/\/+$/, ''))

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/**
 * What a worker hands on of its own environment: to commands PATH, LANG and TZ, to git the way out of the
 * house. Nothing here is a secret of ours.
 */
const handedOn = [
  'PATH',
  'LANG',
  'TZ',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'CURL_CA_BUNDLE',
]

const shared = {
  PORT: wholeNumber('a port number from 0 to 65535', 0, 65535).default(4567),
  REDIS_URL: z
    .string()
    .refine((value) => !value.includes(','), {
      error: 'is a list of nodes; Redis Cluster is not supported by this version yet: name one server',
    })
    .pipe(url(['redis:', 'rediss:']))
    .default('redis://127.0.0.1:6379'),
  PUBLIC_URL: webUrl.optional(),
  GITHUB_SERVER_URL: webUrl.default('https://github.com'),
  LOG_LEVEL: z.enum(logLevels, { error: notThis(`one of ${logLevels.join(', ')}`) }).default('info'),
  // Fail closed: without its rules, every repository would be deployed.
  CONFIG_FILE: z
    .string()
    .refine((file) => existsSync(file), {
      error: ({ input }) => `names ${JSON.stringify(input)}, and there is no such file`,
    })
    .optional(),
}

/** What Fastify calls ranges of addresses. @see https://www.npmjs.com/package/@fastify/proxy-addr */
const proxyNames = ['loopback', 'linklocal', 'uniquelocal']

function isProxy(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const most = isIP(address) === 4 ? 32 : 128
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  return proxyNames.includes(text) || (isIP(address) !== 0 && isRange && more.length === 0)
}

/** Several secrets, while one is being replaced by another. */
const listOf = (value: string) =>
  value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

const slack = {
  SLACK_SIGNING_SECRET: z
    .string()
    .transform(listOf)
    .refine((secrets) => secrets.length > 0, { error: 'holds no secret' })
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .trim()
    .refine((token) => token.startsWith('xapp-'), {
      error: 'is no app-level token: that begins with xapp-, and has the scope connections:write',
    })
    .optional(),
  SLACK_BOT_TOKEN: z
    .string()
    .trim()
    .refine((token) => token.startsWith('xoxb-'), {
      error: 'is no token of a bot: that begins with xoxb-',
    })
    .optional(),
  SLACK_TEAM_ID: z
    .string()
    .refine((value) => listOf(value).every((id) => /^[TE][A-Z0-9]+$/.test(id)), {
      error: notThis('ids of workspaces (T...) or organizations (E...), separated by commas'),
    })
    .transform(listOf)
    .optional(),
  SLACK_API_URL: webUrl.default('https://slack.com/api'),
}

const serverSchema = z.object({
  ...shared,
  HOST: z.string().default('127.0.0.1'),
  GITHUB_WEBHOOK_SECRET: z
    .string({ error: 'is not set: choose a long random text and give the same to the webhook on GitHub' })
    .transform(listOf)
    .refine((secrets) => secrets.length > 0, { error: 'holds no secret' }),
  HUBOT_SECRET: z
    .string()
    .transform(listOf)
    .refine((secrets) => secrets.length > 0, { error: 'holds no secret' })
    .optional(),
  ADMIN_TOKEN: z.string().trim().optional(),
  GITHUB_TOKEN: z.string().optional(),
  GITHUB_API_URL: webUrl.default('https://api.github.com'),
  GITHUB_OAUTH_CLIENT_ID: z.string().trim().optional(),
  GITHUB_OAUTH_CLIENT_SECRET: z.string().trim().optional(),
  TRUST_PROXY: z
    .string()
    .refine((value) => value.split(',').every((each) => isProxy(each.trim())), {
      error: notThis(`addresses such as 10.0.0.0/8, or ${proxyNames.join(', ')}, separated by commas`),
    })
    .optional(),
  API_REQUESTS_PER_MINUTE: wholeNumber('a whole number from 1 to 1000000', 1, 1_000_000).default(1200),
  ...slack,
})

const workerSchema = z.object({
  ...shared,
  GITHUB_TOKEN: z.string({
    error: 'is not set: make a token that may read and write deployments and put it there',
  }),
  GITHUB_APP_ID: z
    .undefined({ error: 'is set, but this version signs in with GITHUB_TOKEN only: unset it' })
    .optional(),
  GITHUB_API_URL: webUrl.default('https://api.github.com'),
  GITHUB_SERVER_URL: webUrl.default('https://github.com'),
  CACHE_DIR: z.string().default('.livraison/cache'),
  CACHE_MAX_MB: wholeNumber('a whole number of megabytes from 0 to 1000000', 0, 1_000_000).default(5000),
  WORKER_CONCURRENCY: wholeNumber('a whole number from 1 to 1000', 1, 1000).default(10),
  CHECK_CONCURRENCY: wholeNumber('a whole number from 1 to 1000', 1, 1000).default(2),
  SIMULATED_WORK_SECONDS: seconds(0, 3600).default(2000),
  LEASE_SECONDS: seconds(1, 600).default(30_000),
  STALLED_SECONDS: seconds(0.5, 300).default(5000),
  DRAIN_SECONDS: seconds(0, 3600).default(30_000),
  RECORD_DAYS: wholeNumber('a whole number of days from 1 to 3650', 1, 3650).default(90),
  RECORDS_PER_LANE: wholeNumber('a whole number from 10 to 100000', 10, 100_000).default(1000),
  RECONCILE_SECONDS: seconds(0, 24 * 3600).default(300_000),
  METRICS_PORT: wholeNumber('a port number from 1 to 65535', 1, 65535).optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
})

const clientSchema = z.object({
  PORT: shared.PORT,
  PUBLIC_URL: shared.PUBLIC_URL,
  GITHUB_SERVER_URL: shared.GITHUB_SERVER_URL,
  LIVRAISON_URL: webUrl.optional(),
  LIVRAISON_TOKEN: z.string().trim().optional(),
  ADMIN_TOKEN: z.string().trim().optional(),
})

/** What the receiver runs with. */
export type ServerSettings = ReturnType<typeof readServerSettings>
/** What a worker runs with. */
export type WorkerSettings = ReturnType<typeof readWorkerSettings>

/** Reads the receiver's settings; throws {@link SettingsError} that names all problems. */
export function readServerSettings(env: Environment = process.env) {
  const { PORT, HOST, ...read } = parse(serverSchema, env)
  const oauth = readOAuth(read)
  const slack = readSlack(read)
  return {
    port: PORT,
    host: HOST,
    redisUrl: read.REDIS_URL,
    publicUrl: read.PUBLIC_URL ?? `http://localhost:${PORT}`,
    githubServerUrl: read.GITHUB_SERVER_URL,
    webhookSecrets: read.GITHUB_WEBHOOK_SECRET,
    ...(read.HUBOT_SECRET === undefined ? {} : { hubotSecrets: read.HUBOT_SECRET }),
    ...(read.ADMIN_TOKEN === undefined ? {} : { adminToken: read.ADMIN_TOKEN }),
    ...(read.GITHUB_TOKEN === undefined ? {} : { githubToken: read.GITHUB_TOKEN }),
    githubApiUrl: read.GITHUB_API_URL,
    ...(oauth === undefined ? {} : { oauth }),
    ...(slack === undefined ? {} : { slack }),
    ...(read.TRUST_PROXY === undefined ? {} : { trustProxy: read.TRUST_PROXY }),
    requestsPerMinute: read.API_REQUESTS_PER_MINUTE,
    configFile: read.CONFIG_FILE,
    logLevel: read.LOG_LEVEL,
  }
}

/** Reads a worker's settings; throws {@link SettingsError} that names all problems. */
export function readWorkerSettings(env: Environment = process.env) {
  const read = parse(workerSchema, env)
  return {
    redisUrl: read.REDIS_URL,
    publicUrl: read.PUBLIC_URL ?? `http://localhost:${read.PORT}`,
    githubToken: read.GITHUB_TOKEN,
    githubApiUrl: read.GITHUB_API_URL,
    githubServerUrl: read.GITHUB_SERVER_URL,
    cacheDir: read.CACHE_DIR,
    cacheMaxBytes: read.CACHE_MAX_MB * 1024 * 1024,
    hostEnv: handedOnFrom(env),
    concurrency: read.WORKER_CONCURRENCY,
    checkConcurrency: read.CHECK_CONCURRENCY,
    simulatedWorkMs: read.SIMULATED_WORK_SECONDS,
    leaseMs: read.LEASE_SECONDS,
    stalledMs: read.STALLED_SECONDS,
    drainMs: read.DRAIN_SECONDS,
    retention: { keptMs: read.RECORD_DAYS * 24 * 3600 * 1000, keptPerLane: read.RECORDS_PER_LANE },
    reconcileMs: read.RECONCILE_SECONDS,
    ...(read.METRICS_PORT === undefined ? {} : { metricsPort: read.METRICS_PORT }),
    metricsHost: read.METRICS_HOST,
    configFile: read.CONFIG_FILE,
    logLevel: read.LOG_LEVEL,
  }
}

/** What the command line runs with. */
export type ClientSettings = ReturnType<typeof readClientSettings>

/**
 * Reads the command line's settings, those that are not in the environment from .env; throws {@link SettingsError}.
 * A token of the environment is not sent to an address that a file names: the file may be of a stranger's checkout.
 */
export function readClientSettings(env: Environment = process.env, file: Environment = readDotEnv()) {
  const read = parse(clientSchema, { ...file, ...withoutEmpty(env) })
  const addressOf = (from: Environment) => from.LIVRAISON_URL ?? from.PUBLIC_URL
  const tokenOf = (from: Environment) => from.LIVRAISON_TOKEN ?? from.ADMIN_TOKEN
  if (
    tokenOf(withoutEmpty(env)) !== undefined &&
    addressOf(withoutEmpty(env)) === undefined &&
    addressOf(file)
  ) {
    throw new SettingsError(
      'The token comes from the environment and the address from .env: set LIVRAISON_URL in the environment, too.',
    )
  }
  return {
    url: read.LIVRAISON_URL ?? read.PUBLIC_URL ?? `http://localhost:${read.PORT}`,
    token: read.LIVRAISON_TOKEN ?? read.ADMIN_TOKEN,
    githubServerUrl: read.GITHUB_SERVER_URL,
  }
}

/** The variables of the file .env, if there is one. */
function readDotEnv(): Environment {
  return existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
}

/** Takes what is in the file .env, if there is one, into this process's environment; what is set there stays. */
export function loadDotEnv(): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}

/** The configuration file that is set, else livraison.yml if it exists; throws {@link SettingsError}. */
export function readConfigFile(env: Environment = process.env): string | undefined {
  return parse(z.object({ CONFIG_FILE: shared.CONFIG_FILE }), env).CONFIG_FILE
}

/** All variables of this process: the configuration file takes values from them by name. */
export function processEnvironment(): Environment {
  return process.env
}

type OAuthVariables = Pick<
  z.output<typeof serverSchema>,
  'GITHUB_OAUTH_CLIENT_ID' | 'GITHUB_OAUTH_CLIENT_SECRET'
>

/** The OAuth app that people sign in with; throws {@link SettingsError} where half of it is set. */
function readOAuth(read: OAuthVariables): { id: string; secret: string } | undefined {
  const { GITHUB_OAUTH_CLIENT_ID: id, GITHUB_OAUTH_CLIENT_SECRET: secret } = read
  if (id !== undefined && secret !== undefined) return { id, secret }
  if (id === undefined && secret === undefined) return undefined
  const [set, unset] = id === undefined ? ['SECRET', 'ID'] : ['ID', 'SECRET']
  throw new SettingsError(
    `These settings are missing or unusable:\n  GITHUB_OAUTH_CLIENT_${unset} is not set, but GITHUB_OAUTH_CLIENT_${set} is: set both or neither`,
  )
}

type SlackVariables = Pick<z.output<typeof serverSchema>, keyof typeof slack>

/** What is asked for in Slack comes by request, by socket, or by both; undefined: by neither. */
function readSlack(read: SlackVariables) {
  const { SLACK_SIGNING_SECRET: signingSecrets = [], SLACK_APP_TOKEN: appToken } = read
  if (signingSecrets.length === 0 && appToken === undefined) return undefined
  return {
    signingSecrets,
    appToken,
    botToken: read.SLACK_BOT_TOKEN,
    teams: read.SLACK_TEAM_ID ?? [],
    apiUrl: read.SLACK_API_URL,
  }
}

function handedOnFrom(env: Environment): Record<string, string> {
  return Object.fromEntries(handedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}

/** An empty value is how Docker Compose and shells say "not set". */
function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
}

function parse<T extends z.ZodObject>(schema: T, env: Environment): z.output<T> {
  const set = withoutEmpty(env)
  if (set.CONFIG_FILE === undefined && existsSync('livraison.yml')) set.CONFIG_FILE = 'livraison.yml'
  const result = schema.safeParse(set)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`)
  throw new SettingsError(`These settings are missing or unusable:\n${problems.join('\n')}`)
}

/** The complaint about a value that is no secret, so that it may be shown. */
function notThis(what: string) {
  return (issue: { input?: unknown }) => `must be ${what}, not ${JSON.stringify(issue.input)}`
}
