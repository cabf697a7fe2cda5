import { delimiter } from 'node:path'
import type { Deployment, Repository } from '../../../src/jobs/job.ts'
import { fullName } from '../../../src/jobs/job.ts'
import type { TraceContext } from '../../../src/tracing/tracing.ts'

/** Of the worker's own environment, a command gets these and no others. */
const passedOn = ['PATH', 'LANG', 'TZ']

/** Names of hosts with commas between them: nothing that a program takes for an option, or a shell for more than a word. */
const hostList = /^[0-9a-z][-_.:0-9a-z]*(,[0-9a-z][-_.:0-9a-z]*)*$/i
const longestHosts = 255

/**
 * What a command of a deployment may know, by the names that Heaven gave, too.
 *
 * @throws if hosts were named that are none: to deploy to all of them is not what was asked for
 */
export function factsOf(repository: Repository, deployment: Deployment): Record<string, string> {
  return {
    SHA: deployment.sha,
    REF: deployment.ref,
    ENVIRONMENT: deployment.environment,
    REPOSITORY: fullName(repository),
    DEPLOYMENT_ID: String(deployment.id),
    TASK: deployment.task,
    CREATOR: deployment.creator,
    BRANCH: deployment.branch ?? deployment.tag ?? deployment.ref,
    ...(deployment.tag === undefined ? {} : { TAG: deployment.tag }),
    DEPLOY_ENV: deployment.environment,
    DEPLOY_TASK: deployment.task,
    ...(deployment.app === undefined ? {} : { APP_NAME: deployment.app }),
    ...(deployment.hosts === undefined ? {} : { DEPLOY_HOSTS: hostsIn(deployment.hosts) }),
  }
}

function hostsIn(hosts: string): string {
  if (hosts.length <= longestHosts && hostList.test(hosts)) return hosts
  throw new Error('The payload names hosts that are no list of names with commas between them.')
}

export interface EnvironmentParts {
  host: Record<string, string>
  directories: { home: string; tmp: string; payloadFile: string }
  facts: Record<string, string>
  /** Where in a trace it runs. */
  trace?: TraceContext | undefined
  /** What the configuration names; it may set anything, for it is the operator's. */
  configured: Record<string, string>
}

/**
 * The whole environment of a command. What comes from outside is only ever the value of a name that we chose.
 *
 * @throws if a value holds a zero byte, which no environment can carry
 */
export function environmentOf({
  host,
  directories,
  facts,
  trace,
  configured,
}: EnvironmentParts): Record<string, string> {
  const environment: Record<string, string> = {
    ...Object.fromEntries(Object.entries(host).filter(([name]) => passedOn.includes(name))),
    ...(host.PATH === undefined ? {} : { PATH: withoutNpm(host.PATH) }),
    HOME: directories.home,
    TMPDIR: directories.tmp,
    PAYLOAD_FILE: directories.payloadFile,
    ...facts,
    ...traceVariables(trace),
    ...configured,
  }
  for (const [name, value] of Object.entries(environment)) {
    if (value.includes('\0'))
      throw new Error(`The value of ${name} holds a zero byte: no command can get it.`)
  }
  return environment
}

/** @see https://opentelemetry.io/docs/specs/otel/context/env-carriers/ */
function traceVariables(trace: TraceContext | undefined): Record<string, string> {
  if (trace === undefined) return {}
  const { traceparent, tracestate } = trace
  return { TRACEPARENT: traceparent, ...(tracestate === undefined ? {} : { TRACESTATE: tracestate }) }
}

/** What npm puts before PATH for the scripts that it runs. */
const ofNpm = /[/\\](node_modules[/\\]\.bin|node-gyp-bin)[/\\]?$/

/**
 * A PATH without the directories that npm put there: a worker that `npm run` started would let its own packages'
 * programs come before the machine's. Pure.
 */
export function withoutNpm(path: string): string {
  return path
    .split(delimiter)
    .filter((directory) => !ofNpm.test(directory))
    .join(delimiter)
}
