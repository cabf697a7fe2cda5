import { readClientSettings } from '../../settings/client.ts'
import { type Environment, loadDotEnv, processEnvironment } from '../../settings/environment.ts'
import { SettingsError } from '../../settings/parse.ts'
import { readWorkerSettings } from '../../settings/worker.ts'
import { examineConfiguration } from './configuration.ts'
import type { Finding } from './finding.ts'
import { examineGithub } from './github.ts'
import { examineGithubApp } from './github-app.ts'
import { examineDisk, examineGit } from './machine.ts'
import { examineServer } from './server.ts'
import { examineSettings } from './settings.ts'

/** Looks at all that a command, a server or a worker on this machine needs; each finding as soon as it is there. */
export async function* examine(): AsyncGenerator<Finding> {
  yield* await examineClient()
  loadDotEnv()
  const env = processEnvironment()
  yield* examineSettings(env)
  yield examineConfiguration(env)
  yield await examineGit()
  yield* await examineWorker(env)
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

/** What only a worker needs, where there are the settings of one. */
async function examineWorker(env: Environment): Promise<Finding[]> {
  try {
    const { cacheDir, cacheMaxBytes, githubApiUrl, githubToken, githubApp, publicUrl } =
      readWorkerSettings(env)
    return [
      await examineDisk(cacheDir, cacheMaxBytes),
      ...(githubApp === undefined
        ? [await examineGithub(githubApiUrl, githubToken ?? '')]
        : await examineGithubApp({ githubApp, githubApiUrl, publicUrl })),
    ]
  } catch (error) {
    // What is wrong with them has been told.
    if (error instanceof SettingsError) return []
    throw error
  }
}
