import type { Rules } from '../../config/rules.ts'
import { messageOf } from '../../errors/errors.ts'
import { keyPrefixOf } from '../../redis/key-prefix.ts'
import type { Redis } from '../../redis/redis.ts'
import { readClientSettings } from '../../settings/client.ts'
import { type DoctorSettings, readDoctorSettings } from '../../settings/doctor.ts'
import { type Environment, loadDotEnv, processEnvironment } from '../../settings/environment.ts'
import { SettingsError } from '../../settings/parse.ts'
import { openWorkers } from '../../workers/roster.ts'
import { examineConfiguration } from './configuration.ts'
import type { Finding, Mendable } from './finding.ts'
import { examineGit } from './git.ts'
import { examineGitHubAndRepositories } from './github/examine-all.ts'
import { examineAsApp } from './github/examine-as-app.ts'
import { examineGithubApp } from './github-app.ts'
import { examineDisk } from './machine.ts'
import { mended } from './mend.ts'
import { examinePublicUrl } from './public-url.ts'
import { measureRedis, reachRedis, redisAway, redisFindings, redisRefuses } from './redis.ts'
import { repositoriesToExamine } from './repositories.ts'
import { examineServer } from './server.ts'
import { examineSettings, runs } from './settings.ts'
import { workerFindings } from './workers.ts'

export interface Examination {
  /** Whether what can be mended safely is. */
  fix: boolean
  /** Only this one is looked at; undefined: all that the configuration names. */
  repository: string | undefined
}

/** Looks at all that a command, a server or a worker on this machine needs; each finding as soon as it is there. */
export async function* examine({ fix, repository }: Examination): AsyncGenerator<Finding> {
  for await (const finding of examineAll(repository)) yield mended(finding, fix)
}

async function* examineAll(repository: string | undefined): AsyncGenerator<Mendable> {
  yield* await examineClient()
  loadDotEnv()
  const env = processEnvironment()
  yield* examineSettings(env)
  const { finding, rules } = examineConfiguration(env)
  yield finding
  const settings = settingsIn(env)
  if (settings !== undefined) yield* examineInstallation(env, settings, rules, repository)
}

async function examineClient(): Promise<Finding[]> {
  try {
    return await examineServer(readClientSettings())
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    const todo = 'Mend them in the environment or in .env.'
    return [{ level: 'fail', of: 'settings', text: error.message, todo }]
  }
}

function settingsIn(env: Environment): DoctorSettings | undefined {
  try {
    return readDoctorSettings(env)
  } catch (error) {
    // What is wrong with them has been told.
    if (error instanceof SettingsError) return undefined
    throw error
  }
}

/** What a server and a worker need, where there are the settings of one. */
async function* examineInstallation(
  env: Environment,
  settings: DoctorSettings,
  rules: Rules | undefined,
  repository: string | undefined,
): AsyncGenerator<Mendable> {
  const { isServer, isWorker } = runs(env)
  if (isWorker) {
    yield await examineGit()
    yield await examineDisk(settings.cacheDir, settings.cacheMaxBytes)
  }
  if (!isServer && !isWorker) return
  const redis = await reachRedis(settings)
  try {
    const { findings: ofRedis, isUsable } = await examineRedis(settings, redis)
    yield* ofRedis
    const { findings, secretIsProven } = await examinePublicUrl(settings)
    yield* findings
    const { githubApp, githubToken } = settings
    if (githubApp === undefined && githubToken === undefined) return
    const repositories = await toExamine(settings, rules, isUsable ? redis : '', repository)
    if (githubApp !== undefined) {
      const app = { ...settings, githubApp }
      yield* await examineGithubApp({ ...app, secretIsProven })
      yield* examineAsApp(app, repositories)
    }
    if (githubApp !== undefined || githubToken === undefined) return
    yield* examineGitHubAndRepositories({
      settings: { ...settings, githubToken },
      ...{ rules, repositories, secretIsProven },
    })
  } finally {
    if (typeof redis !== 'string') redis.disconnect()
  }
}

async function examineRedis(
  settings: DoctorSettings,
  redis: Redis | string,
): Promise<{ findings: Finding[]; isUsable: boolean }> {
  if (typeof redis === 'string') return { findings: [redisAway(settings, redis)], isUsable: false }
  const prefix = keyPrefixOf(settings.githubServerUrl)
  try {
    const findings = redisFindings(await measureRedis(redis, prefix))
    const roster = await openWorkers(redis, prefix).look()
    return { findings: [...findings, ...workerFindings(roster)], isUsable: true }
  } catch (error) {
    return { findings: [redisRefuses(messageOf(error), prefix)], isUsable: false }
  }
}

async function toExamine(
  settings: DoctorSettings,
  rules: Rules | undefined,
  redis: Redis | string,
  repository: string | undefined,
): Promise<string[]> {
  if (repository !== undefined) return [repository]
  if (rules === undefined) return []
  const reached = typeof redis === 'string' ? undefined : redis
  return repositoriesToExamine(rules, reached, settings.githubServerUrl)
}
