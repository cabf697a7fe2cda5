import { z } from 'zod'
import { type Environment, processEnvironment } from './environment.ts'
import { readGitHub } from './github.ts'
import { oauthVariables, readOAuth } from './oauth.ts'
import { parse } from './parse.ts'
import { shared } from './shared.ts'
import { readSlack, slackVariables } from './slack.ts'
import { isProxy, listOf, notThis, proxyNames, wholeNumber } from './values.ts'

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
  ...oauthVariables,
  TRUST_PROXY: z
    .string()
    .refine((value) => value.split(',').every((each) => isProxy(each.trim())), {
      error: notThis(`addresses such as 10.0.0.0/8, or ${proxyNames.join(', ')}, separated by commas`),
    })
    .optional(),
  API_REQUESTS_PER_MINUTE: wholeNumber('a whole number from 1 to 1000000', 1, 1_000_000).default(1200),
  ...slackVariables,
})

/** What the receiver runs with. */
export type ServerSettings = ReturnType<typeof readServerSettings>

/** Reads the receiver's settings; throws {@link SettingsError} that names all problems. */
export function readServerSettings(env: Environment = processEnvironment()) {
  const { PORT, HOST, ...read } = parse(serverSchema, env)
  const oauth = readOAuth(read)
  const slack = readSlack(read)
  return {
    port: PORT,
    host: HOST,
    redisUrl: read.REDIS_URL,
    publicUrl: read.PUBLIC_URL ?? `http://localhost:${PORT}`,
    ...readGitHub(read),
    webhookSecrets: read.GITHUB_WEBHOOK_SECRET,
    ...(read.HUBOT_SECRET === undefined ? {} : { hubotSecrets: read.HUBOT_SECRET }),
    ...(read.ADMIN_TOKEN === undefined ? {} : { adminToken: read.ADMIN_TOKEN }),
    ...(read.GITHUB_TOKEN === undefined ? {} : { githubToken: read.GITHUB_TOKEN }),
    ...(oauth === undefined ? {} : { oauth }),
    ...(slack === undefined ? {} : { slack }),
    ...(read.TRUST_PROXY === undefined ? {} : { trustProxy: read.TRUST_PROXY }),
    requestsPerMinute: read.API_REQUESTS_PER_MINUTE,
    configFile: read.CONFIG_FILE,
    logLevel: read.LOG_LEVEL,
  }
}
