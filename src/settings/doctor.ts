import { z } from 'zod'
import { webhookUrlOf } from '../github/our-hooks.ts'
import { type Environment, withoutEmpty } from './environment.ts'
import { readGitHub } from './github.ts'
import { githubAppVariables, readGithubApp } from './github-app.ts'
import { parse } from './parse.ts'
import { readRedis, redisVariables } from './redis.ts'
import { shared } from './shared.ts'
import { listOf, wholeNumber } from './values.ts'
import { handedOnFrom } from './worker.ts'

const doctorSchema = z.object({
  ...shared,
  ...redisVariables,
  ...githubAppVariables,
  GITHUB_TOKEN: z.string().optional(),
  GITHUB_WEBHOOK_SECRET: z.string().transform(listOf).optional(),
  CACHE_DIR: z.string().default('.livraison/cache'),
  CACHE_MAX_MB: wholeNumber('a whole number of megabytes from 0 to 1000000', 0, 1_000_000).default(5000),
})

/** What the doctor looks at: of the settings of a server and a worker, those that lead somewhere. */
export type DoctorSettings = ReturnType<typeof readDoctorSettings>

/** Reads what the doctor looks at, whatever is missing for a server or a worker; throws {@link SettingsError}. */
export function readDoctorSettings(env: Environment) {
  const read = parse(doctorSchema, env)
  const set = withoutEmpty(env)
  const githubApp = readGithubApp(read)
  const publicUrl = read.PUBLIC_URL ?? `http://localhost:${read.PORT}`
  return {
    ...readRedis(read),
    namesRedis: set.REDIS_URL !== undefined,
    publicUrl,
    webhookUrl: webhookUrlOf(publicUrl, read.TUNNEL_URL),
    namesPublicUrl: set.PUBLIC_URL !== undefined,
    ...readGitHub(read),
    githubToken: read.GITHUB_TOKEN,
    ...(githubApp === undefined ? {} : { githubApp }),
    webhookSecret: read.GITHUB_WEBHOOK_SECRET?.[0],
    hostEnv: handedOnFrom(env),
    tunnelUrl: read.TUNNEL_URL,
    cacheDir: read.CACHE_DIR,
    cacheMaxBytes: read.CACHE_MAX_MB * 1024 * 1024,
  }
}
