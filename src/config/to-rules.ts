import { dirname, resolve } from 'node:path'
import { toLabels } from '../jobs/labels.ts'
import { queueNameOf } from '../jobs/pools.ts'
import type {
  ApprovalRules,
  ChannelRules,
  CheckRules,
  EnvironmentRules,
  ExecutorRules,
  RepositoryRules,
  VerifyRules,
} from './rules.ts'
import type { ApprovalsEntry } from './schema/approvals.ts'
import type { CheckEntry } from './schema/check.ts'
import type { EnvironmentEntry } from './schema/environment.ts'
import type { RepositoryEntry } from './schema/repository.ts'
import type { FreezesEntry } from './schema/times.ts'
import type { VerifyEntry } from './schema/verify.ts'
import { toChannelRules } from './to-channel-rules.ts'
import { toFreezeRules, toWindows } from './to-times.ts'

const minute = 60_000
const defaultLimitMs = 60 * minute
const allTags = '**'

/** Fills in what an entry of the file leaves out. `file` is where paths begin; `freezes` and `notify` are those of everything. */
export function toRepositoryRules(
  entry: RepositoryEntry,
  file: string,
  freezes: FreezesEntry = [],
  notify: readonly ChannelRules[] = [],
): RepositoryRules {
  const frozen = [...freezes, ...(entry.freezes ?? [])]
  return {
    branch: entry.branch,
    environments: Object.entries(entry.environments ?? {}).map(([name, environment]) =>
      toEnvironmentRules(name, environment, file, frozen),
    ),
    checks: (entry.checks ?? []).map(toCheckRules),
    notify: [...(entry.notify ?? []).map(toChannelRules), ...notify],
    ...(entry.merge ? { merge: { label: entry.merge.label, method: entry.merge.method } } : {}),
    gate: { required: entry.gate?.required ?? [], limitMs: entry.gate?.limit ?? defaultLimitMs },
  }
}

function toEnvironmentRules(
  name: string,
  entry: EnvironmentEntry,
  file: string,
  frozen: FreezesEntry,
): EnvironmentRules {
  const executor = toExecutorRules(entry, file)
  const usual = executor.kind === 'actions' ? 'manual' : 'merge'
  const on = entry.on ?? (entry.after === undefined ? usual : 'promotion')
  return {
    name,
    on,
    after: entry.after,
    tags: on === 'tag' ? listOf(entry.tags ?? allTags) : [],
    paths: entry.paths === undefined ? [] : listOf(entry.paths),
    executor,
    ...(entry.actions === undefined ? {} : { actions: entry.actions }),
    ...(entry.runs_on === undefined ? {} : { runsOn: toLabels(listOf(entry.runs_on)) }),
    lane: entry.lane ?? 'supersede',
    onWorkerLoss: entry.on_worker_loss ?? defaultOnLoss(executor),
    waitMs: entry.wait ?? 0,
    approvals: entry.approvals && toApprovalRules(entry.approvals),
    windows: toWindows(entry.windows ?? []),
    freezes: toFreezeRules([...frozen, ...(entry.freezes ?? [])]),
    verify: entry.verify && toVerifyRules(entry.verify),
    rollback: entry.rollback ?? 'manual',
    pullRequests: toPullRequests(entry.pull_requests),
    url: entry.url,
  }
}

/** The queues of all that asks for workers with labels. */
export function poolsOf(all: readonly RepositoryRules[]): string[] {
  const names = all.flatMap(({ environments, checks }) => [
    ...environments.flatMap(({ runsOn }) => (runsOn ? [queueNameOf('deployments', runsOn)] : [])),
    ...checks.flatMap(({ runsOn }) => (runsOn ? [queueNameOf('checks', runsOn)] : [])),
  ])
  return [...new Set(names)].filter((name) => name.includes('@'))
}

function toPullRequests(entry: EnvironmentEntry['pull_requests']): EnvironmentRules['pullRequests'] {
  if (entry === undefined || entry === false) return 'none'
  return typeof entry === 'object' && entry.forks === true ? 'forks' : 'own'
}

function toApprovalRules({ required, from, expire, within }: ApprovalsEntry): ApprovalRules {
  return {
    required: required ?? 1,
    from: from ?? [],
    expireMs: expire ?? 24 * 60 * minute,
    withinMs: within ?? 7 * 24 * 60 * minute,
  }
}

function listOf(one: string | string[]): string[] {
  return typeof one === 'string' ? [one] : one
}

function toVerifyRules({ url, within, for: during, every, timeout, expect }: VerifyEntry): VerifyRules {
  const withinMs = within ?? minute
  return {
    url,
    withinMs,
    forMs: during ?? minute / 2,
    everyMs: every ?? Math.min(5000, withinMs),
    timeoutMs: timeout ?? 5000,
    expect: expect === undefined ? undefined : [expect].flat(),
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
    const { url, method, headers, body, poll, callback, allow_private } = entry.request
    const withinMs = typeof callback === 'object' ? callback.within : undefined
    return {
      kind: 'request',
      url,
      method: method ?? 'POST',
      headers: headers ?? {},
      body,
      timeoutMs: entry.timeout ?? 10 * minute + (withinMs ?? 0),
      poll: poll && {
        url: poll.url,
        everyMs: poll.every ?? 5000,
        success: poll.success,
        failure: poll.failure,
      },
      ...(callback ? { callback: { withinMs } } : {}),
      allowPrivate: allow_private ?? false,
    }
  }
  if (entry.use !== undefined) {
    const path = resolve(dirname(file), entry.use)
    return { kind: 'use', path, options: entry.with ?? {}, timeoutMs: entry.timeout ?? 30 * minute }
  }
  if (entry.simulate === undefined && entry.actions !== undefined) return { kind: 'actions' }
  return { kind: 'simulate', workMs: entry.simulate ?? 0 }
}

function toCheckRules({ context, run, env, timeout, forks, runs_on }: CheckEntry): CheckRules {
  return {
    ...{ context, command: run, env: env ?? {}, timeoutMs: timeout ?? 15 * minute, forks: forks ?? false },
    ...(runs_on === undefined ? {} : { runsOn: toLabels(listOf(runs_on)) }),
  }
}
