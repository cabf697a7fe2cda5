import type { Asked, DeploymentDetail } from '../answers.ts'
import type { Client } from '../client.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { followLog } from '../follow-log.ts'
import { isTerminal, paint, print, printJson } from '../terminal.ts'
import { durationOf } from '../times.ts'
import { deploymentPath } from '../which.ts'
import { type LiveLine, openLiveLine } from './live-line.ts'
import { madeDeployment, snapshotsOf } from './snapshots.ts'
import { elapsedWords, endStateOf, endWords, standingWords } from './words.ts'

/** The options of commands that may wait for a deployment. */
export interface WaitOptions {
  /** Undefined: on a terminal only. */
  wait?: boolean
  timeout: string
  logs?: boolean
  json?: boolean
}

/** How long a log that has ended may take to be read to its end. */
const logEndMs = 5000

/** Tells of a deployment that was asked for; waits for its end, if that is wanted. @throws {Stop} unless it succeeds */
export async function tellOrWait(client: Client, asked: Asked, options: WaitOptions): Promise<void> {
  const isWaiting = options.wait ?? (options.logs === true || isTerminal())
  if (!isWaiting) return options.json ? printJson(asked) : print(asked.text)
  const deployment = await waitForEnd(client, asked, options)
  if (options.json) printJson(deployment)
  const state = endStateOf(deployment)
  if (state === 'success') {
    if (!options.json) print(`${paint('green', '✓')} ${endWords(deployment)}`)
    return
  }
  if (!options.json) print(`${paint('red', '✗')} ${endWords(deployment)}`)
  const log = deployment.startedAt === null || options.logs ? '' : ` Its log: livraison logs ${deployment.id}`
  throw new Stop(exitStatus.refused, `The deployment did not succeed.${log}`)
}

async function waitForEnd(client: Client, asked: Asked, options: WaitOptions): Promise<DeploymentDetail> {
  const limitMs = durationOf(options.timeout, '--timeout')
  const line = openLiveLine()
  let id = asked.deployment
  const leaving = new AbortController()
  const leave = (status: 5 | 130, why: string) =>
    leaving.abort(new Stop(status, `${why} ${goesOn(asked, id)}`))
  const timer = setTimeout(() => leave(exitStatus.tooLate, `Not over after ${options.timeout}.`), limitMs)
  const interrupt = () => leave(exitStatus.interrupted, 'No longer waiting.')
  process.once('SIGINT', interrupt)
  try {
    id = await madeDeployment(client, asked, leaving.signal, (what) => line.show(what, () => ''))
    return await follow(
      client,
      { repository: asked.repository, id },
      leaving.signal,
      line,
      options.logs === true,
    )
  } finally {
    clearTimeout(timer)
    process.off('SIGINT', interrupt)
    line.close()
  }
}

async function follow(
  client: Client,
  deployment: { repository: string; id: number },
  signal: AbortSignal,
  line: LiveLine,
  logs: boolean,
): Promise<DeploymentDetail> {
  const left = new AbortController()
  const either = AbortSignal.any([signal, left.signal])
  let log: Promise<void> | undefined
  let last: DeploymentDetail | undefined
  try {
    for await (const detail of snapshotsOf(client, deployment, signal)) {
      if (detail === undefined) {
        line.show(`#${deployment.id} was created at GitHub; its webhook is on the way`, () => '')
        continue
      }
      last = detail
      line.show(standingWords(detail), () => elapsedWords(detail, Date.now()))
      if (logs) log ??= tellLog(client, deployment, either, line)
    }
    setTimeout(() => left.abort(), logEndMs).unref()
    await log
  } finally {
    left.abort()
  }
  if (last === undefined) throw new Error('a deployment ended that was never seen')
  return last
}

async function tellLog(
  client: Client,
  deployment: { repository: string; id: number },
  signal: AbortSignal,
  line: LiveLine,
): Promise<void> {
  try {
    const path = deploymentPath(deployment, 'log')
    for await (const { text } of followLog(client, path, signal)) line.say(text)
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    // How the deployment ends is told all the same.
    line.say(error.message)
  }
}

function goesOn(asked: Asked, id: number | null): string {
  if (id === null) {
    return `The request goes on: livraison why ${asked.repository} ${asked.environment} says what it waits for.`
  }
  return `#${id} goes on. livraison cancel ${id} ends it; livraison logs ${id} --follow watches it.`
}
