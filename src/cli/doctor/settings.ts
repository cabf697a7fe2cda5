import type { Environment } from '../../settings/environment.ts'
import { SettingsError } from '../../settings/parse.ts'
import { readServerSettings } from '../../settings/server.ts'
import { readWorkerSettings } from '../../settings/worker.ts'
import type { Finding } from './finding.ts'

/** Whether this machine's settings start a server and a worker; it need run neither. */
export function examineSettings(env: Environment): Finding[] {
  const { isServer, isWorker } = runs(env)
  if (!isServer && !isWorker) {
    return [{ level: 'ok', of: 'settings', text: 'none for a server or a worker: this machine only asks' }]
  }
  return [
    ...(isServer ? [examine('server settings', () => readServerSettings(env))] : []),
    ...(isWorker ? [examine('worker settings', () => readWorkerSettings(env))] : []),
  ]
}

/** What this machine has the settings of. */
export function runs(env: Environment): { isServer: boolean; isWorker: boolean } {
  return {
    isServer: isSet(env.GITHUB_WEBHOOK_SECRET),
    isWorker: isSet(env.GITHUB_TOKEN) || isSet(env.GITHUB_APP_ID),
  }
}

function examine(of: string, read: () => unknown): Finding {
  try {
    read()
    return { level: 'ok', of, text: 'all can be used' }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { level: 'fail', of, text: error.message, todo: 'Mend them in the environment or in .env.' }
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== ''
}
