import { z } from 'zod'
import { allowFromVariables, readAllowFrom } from './allow-from.ts'
import { type Environment, processEnvironment } from './environment.ts'
import { readGitHub } from './github.ts'
import { githubAppVariables, readGithubApp } from './github-app.ts'
import { oauthVariables, readOAuth } from './oauth.ts'
import { parse } from './parse.ts'
import { readRedis, redisVariables } from './redis.ts'
import { shared } from './shared.ts'
import { readSlack, slackVariables } from './slack.ts'
import { isProxy, listOf, notThis, proxyNames, wholeNumber } from './values.ts'

const serverSchema = z.object({
  ...shared,
  ...redisVariables,
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
  ...githubAppVariables,
  ...oauthVariables,
  TRUST_PROXY: z
    .string()
    .refine((value) => value.split(',').every((each) => isProxy(each.trim())), {
      error: notThis(`addresses such as 10.0.0.0/8, or ${proxyNames.join(', ')}, separated by commas`),
    })
    .optional(),
  API_REQUESTS_PER_MINUTE: wholeNumber('a whole number from 1 to 1000000', 1, 1_000_000).default(1200),
  MAX_CONNECTIONS: wholeNumber('a whole number from 10 to 100000', 10, 100_000).default(2000),
  ...allowFromVariables,
  ...slackVariables,
})

/** What the receiver runs with. */
export type ServerSettings = ReturnType<typeof readServerSettings>

/** Reads the receiver's settings; throws {@link SettingsError} that names all problems. */
export function readServerSettings(env: Environment = processEnvironment()) {
  const { PORT, HOST, ...read } = parse(serverSchema, env)
  const oauth = readOAuth(read)
  const github = readGitHub(read)
  const slack = readSlack(read)
  const githubApp = readGithubApp(read)
  const allowFrom = readAllowFrom(read, github.githubApiUrl)
  return {
    port: PORT,
    host: HOST,
    ...readRedis(read),
    publicUrl: read.PUBLIC_URL ?? `http://localhost:${PORT}`,
    ...github,
    webhookSecrets: read.GITHUB_WEBHOOK_SECRET,
    ...(read.HUBOT_SECRET === undefined ? {} : { hubotSecrets: read.HUBOT_SECRET }),
    ...(read.ADMIN_TOKEN === undefined ? {} : { adminToken: read.ADMIN_TOKEN }),
    ...(read.GITHUB_TOKEN === undefined ? {} : { githubToken: read.GITHUB_TOKEN }),
    ...(githubApp === undefined ? {} : { githubApp }),
    ...(oauth === undefined ? {} : { oauth }),
    ...(slack === undefined ? {} : { slack }),
    ...(read.TRUST_PROXY === undefined ? {} : { trustProxy: read.TRUST_PROXY }),
    ...(allowFrom === undefined ? {} : { allowFrom }),
    maxConnections: read.MAX_CONNECTIONS,
    requestsPerMinute: read.API_REQUESTS_PER_MINUTE,
    configFile: read.CONFIG_FILE,
    logLevel: read.LOG_LEVEL,
  }
}
