import { dirname, resolve } from 'node:path'
import type { CheckRules, EnvironmentRules, ExecutorRules, RepositoryRules } from './rules.ts'
import type { CheckEntry } from './schema/check.ts'
import type { EnvironmentEntry } from './schema/environment.ts'
import type { RepositoryEntry } from './schema/repository.ts'

const minute = 60_000
const defaultLimitMs = 60 * minute

/** Fills in what an entry of the file leaves out. `file` is where paths begin. */
export function toRepositoryRules(entry: RepositoryEntry, file: string): RepositoryRules {
  return {
    branch: entry.branch,
    environments: Object.entries(entry.environments ?? {}).map(([name, environment]) =>
      toEnvironmentRules(name, environment, file),
    ),
    checks: (entry.checks ?? []).map(toCheckRules),
    ...(entry.merge ? { merge: { label: entry.merge.label, method: entry.merge.method } } : {}),
    gate: { required: entry.gate?.required ?? [], limitMs: entry.gate?.limit ?? defaultLimitMs },
  }
}

function toEnvironmentRules(name: string, entry: EnvironmentEntry, file: string): EnvironmentRules {
  const executor = toExecutorRules(entry, file)
  return {
    name,
    on: entry.on ?? (entry.after === undefined ? 'merge' : 'promotion'),
    after: entry.after,
    executor,
    lane: entry.lane ?? 'supersede',
    onWorkerLoss: entry.on_worker_loss ?? defaultOnLoss(executor),
    url: entry.url,
  }
}

/** Half a deployment is not safe to repeat blindly, unless what is called knows that it is the same. */
function defaultOnLoss({ kind }: ExecutorRules): 'rerun' | 'fail' {
  return kind === 'simulate' || kind === 'request' ? 'rerun' : 'fail'
}

function toExecutorRules(entry: EnvironmentEntry, file: string): ExecutorRules {
  if (entry.run !== undefined) {
    return {
      kind: 'run',
      command: entry.run,
      env: entry.env ?? {},
      timeoutMs: entry.timeout ?? 30 * minute,
      inactivityMs: entry.inactivity,
    }
  }
  if (entry.request !== undefined) {
    const { url, method, headers, body, poll, allow_private } = entry.request
    return {
      kind: 'request',
      url,
      method: method ?? 'POST',
      headers: headers ?? {},
      body,
      timeoutMs: entry.timeout ?? 10 * minute,
      poll: poll && {
        url: poll.url,
        everyMs: poll.every ?? 5000,
        success: poll.success,
        failure: poll.failure,
      },
      allowPrivate: allow_private ?? false,
    }
  }
  if (entry.use !== undefined) {
    const path = resolve(dirname(file), entry.use)
    return { kind: 'use', path, options: entry.with ?? {}, timeoutMs: entry.timeout ?? 30 * minute }
  }
  return { kind: 'simulate', workMs: entry.simulate ?? 0 }
}

function toCheckRules({ context, run, env, timeout, forks }: CheckEntry): CheckRules {
  return { context, command: run, env: env ?? {}, timeoutMs: timeout ?? 15 * minute, forks: forks ?? false }
}
