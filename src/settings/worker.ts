import { z } from 'zod'
import { webhookUrlOf } from '../github/our-hooks.ts'
import { isLabel, labelForm, toLabels, usualLabels } from '../jobs/labels.ts'
import { type Environment, processEnvironment } from './environment.ts'
import { readGitHub } from './github.ts'
import { githubAppVariables, readGithubApp } from './github-app.ts'
import { parse, SettingsError } from './parse.ts'
import { readRedis, redisVariables } from './redis.ts'
import { shared } from './shared.ts'
import { listOf, notThis, seconds, wholeNumber } from './values.ts'

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

const workerSchema = z.object({
  ...shared,
  GITHUB_TOKEN: z.string().optional(),
  ...githubAppVariables,
  ...redisVariables,
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
  WORKER_LABELS: z
    .string()
    .transform(listOf)
    .refine((labels) => labels.every(isLabel) && labels.length <= 10, {
      error: notThis(`${labelForm}, separated by commas, 10 of them at most`),
    })
    .transform(toLabels)
    .default([...usualLabels]),
  METRICS_PORT: wholeNumber('a port number from 1 to 65535', 1, 65535).optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
})

/** What a worker runs with. */
export type WorkerSettings = ReturnType<typeof readWorkerSettings>

/** Reads a worker's settings; throws {@link SettingsError} that names all problems. */
export function readWorkerSettings(env: Environment = processEnvironment()) {
  const read = parse(workerSchema, env)
  const githubApp = readGithubApp(read)
  if (githubApp === undefined && read.GITHUB_TOKEN === undefined)
    throw new SettingsError(noWayIn, ['GITHUB_APP_ID', 'GITHUB_TOKEN'])
  const publicUrl = read.PUBLIC_URL ?? `http://localhost:${read.PORT}`
  return {
    ...readRedis(read),
    publicUrl,
    webhookUrl: webhookUrlOf(publicUrl, read.TUNNEL_URL),
    ...(githubApp === undefined ? {} : { githubApp }),
    ...(read.GITHUB_TOKEN === undefined ? {} : { githubToken: read.GITHUB_TOKEN }),
    ...readGitHub(read),
    cacheDir: read.CACHE_DIR,
    cacheMaxBytes: read.CACHE_MAX_MB * 1024 * 1024,
    hostEnv: handedOnFrom(env),
    labels: read.WORKER_LABELS,
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

const noWayIn =
  'These settings are missing or unusable:\n  GITHUB_TOKEN is not set, nor GITHUB_APP_ID: a worker signs in at GitHub with one of them (livraison setup makes a GitHub App)'

/** What git and commands get of an environment. */
export function handedOnFrom(env: Environment): Record<string, string> {
  return Object.fromEntries(handedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
