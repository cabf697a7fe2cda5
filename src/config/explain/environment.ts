import { labelWords } from '../../jobs/labels.ts'
import { durationWords } from '../duration.ts'
import type { EnvironmentRules, ExecutorRules, VerifyRules } from '../rules.ts'
import { explainHolds } from './holds.ts'
import { listWords, type Show } from './words.ts'

/** What the rules of an environment mean, in one line. `where` names the branch that is deployed. */
export function explainEnvironment(environment: EnvironmentRules, where: string, show: Show): string[] {
  const { name, lane, onWorkerLoss, paths, url, verify, rollback } = environment
  const waiting =
    lane === 'queue'
      ? 'Those that must wait for another are done one after the other.'
      : 'Of those that must wait for another, the newest replaces the others.'
  const lost =
    onWorkerLoss === 'rerun'
      ? 'If its worker is lost, it is run again.'
      : 'If its worker is lost, it ends as an error.'
  const seen = url === undefined ? [] : [`It can be seen at ${show(url)}.`]
  const filter =
    paths.length === 0
      ? []
      : [`What changes no file ${globWords(paths, show)} since the last success there is left out.`]
  const isActions = environment.executor.kind === 'actions'
  const sentences = [
    isActions
      ? `Only GitHub Actions deploys to ${name}, and asks here first.`
      : `${triggerWords(environment, where, show)} ${name} by ${executorWords(environment.executor, show)}.`,
    ...explainHolds(environment, show),
    ...runsOnWords(environment),
    waiting,
    ...(isActions ? [] : [lost, ...actionsWords(environment)]),
    ...filter,
    ...(verify === undefined ? [] : [verifyWords(verify, show)]),
    ...pullRequestWords(environment),
    ...(rollback === 'manual' ? [] : ['After a failure, the commit that succeeded last is deployed again.']),
    ...seen,
  ]
  return [sentences.join(' ')]
}

function actionsWords({ actions }: EnvironmentRules): string[] {
  return actions === undefined ? [] : ['What GitHub Actions deploys there waits by the same rules.']
}

function pullRequestWords({ pullRequests }: EnvironmentRules): string[] {
  if (pullRequests === 'none') return []
  const whose = pullRequests === 'forks' ? 'forks included' : 'but none from a fork'
  return [`The head of an open pull request, ${whose}, is deployed there when somebody comments /deploy.`]
}

function verifyWords({ url, withinMs, forMs, everyMs, expect }: VerifyRules, show: Show): string {
  const answer = expect === undefined ? 'with a status of 200 to 299' : `with ${expect.join(' or ')}`
  return `It has succeeded once ${show(url)} answers ${answer} within ${durationWords(withinMs)}, and goes on doing so for ${durationWords(forMs)} (asked every ${durationWords(everyMs)}).`
}

function triggerWords({ on, after, tags }: EnvironmentRules, where: string, show: Show): string {
  switch (on) {
    case 'merge':
      return `A pull request merged into ${where} is deployed to`
    case 'push':
      return `A push to ${where} is deployed to`
    case 'tag':
      return `The commit of a pushed tag ${globWords(tags, show)} is deployed to`
    case 'promotion':
      return `What was deployed to ${after === undefined ? 'another' : show(after)} with success is then deployed to`
    case 'manual':
      return 'Only what somebody creates a deployment for is deployed to'
  }
}

/** `that is v* and not *-rc*`. */
function globWords(globs: readonly string[], show: Show): string {
  const included = globs.filter((glob) => !glob.startsWith('!')).map(show)
  const excluded = globs.filter((glob) => glob.startsWith('!')).map((glob) => show(glob.slice(1)))
  const is = included.length === 0 || included.includes('**') ? [] : [`is ${included.join(' or ')}`]
  const not = excluded.length === 0 ? [] : [`is not ${excluded.join(' or ')}`]
  const words = [...is, ...not]
  return words.length === 0 ? 'of any name' : `that ${words.join(' and ')}`
}

function executorWords(executor: ExecutorRules, show: Show): string {
  switch (executor.kind) {
    case 'simulate':
      return `working for ${durationWords(executor.workMs)} and doing nothing (simulated)`
    case 'run': {
      const silent =
        executor.inactivityMs === undefined ? '' : `, ${durationWords(executor.inactivityMs)} without a word`
      const given = Object.keys(executor.env)
      const env = given.length === 0 ? '' : ` with ${listWords(given)} in its environment`
      return `running ${show(executor.command)}${env} (${durationWords(executor.timeoutMs)} at most${silent})`
    }
    case 'request': {
      const { callback } = executor
      const poll =
        executor.poll === undefined
          ? ''
          : `, then asking ${show(executor.poll.url)} every ${durationWords(executor.poll.everyMs)} how it went`
      const told = callback && `, then waiting to be told how it went${withinWords(callback)}`
      const call = `calling ${executor.method} ${show(executor.url)}${poll}${told ?? ''}`
      return `${call} (${durationWords(executor.timeoutMs)} at most)`
    }
    case 'elsewhere':
      return `what needs ${listWords(executor.missing)}, which other workers have`
    case 'use':
      return `the module ${show(executor.path)} (${durationWords(executor.timeoutMs)} at most)`
    case 'actions':
      return 'GitHub Actions'
  }
}

function runsOnWords({ runsOn }: EnvironmentRules): string[] {
  return runsOn === undefined ? [] : [`Only workers that have ${labelWords(runsOn)} do it.`]
}

function withinWords({ withinMs }: { withinMs: number | undefined }): string {
  return withinMs === undefined ? '' : ` within ${durationWords(withinMs)}`
}
