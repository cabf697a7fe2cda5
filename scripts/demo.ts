// npm run demo: a merged pull request becomes a reported deployment, on this machine, without an account.
import { parseArgs } from 'node:util'
import { deploymentKeys } from '../src/deployments/keys.ts'
import { openLogs } from '../src/deployments/log.ts'
import { createLogger } from '../src/log.ts'
import { connectPatiently, keyPrefix } from '../src/redis.ts'
import type { Child } from './child.ts'
import { inColour } from './colour.ts'
import { followDeployment, followOn } from './demo/follow.ts'
import { type Installation, startInstallation } from './demo/installation.ts'
import { lineOf } from './demo/parts.ts'
import { createStory, type Story } from './demo/story.ts'
import { readableLogLine } from './log-line.ts'
import { stopSignal } from './stop-signals.ts'
import { createUndo, type Undo } from './undo.ts'

const usage = `npm run demo             opens a pull request in a GitHub of its own, merges it, follows the deployment
npm run demo -- --keep   the same, and stays up until Ctrl-C, to be played with

SIMULATED_WORK_SECONDS   how long the deployment works (2)
NO_COLOR                 no colours`

const repository = 'acme/shop'
const limitMs = 60_000 + (Number(process.env.SIMULATED_WORK_SECONDS) || 2) * 1000
const colour = inColour()

const { help, keep } = readOptions()
if (help) console.log(usage)
else await main()

async function main(): Promise<void> {
  const undo = createUndo()
  const stopped = stopSignal(() => process.exit(1))
  const children: Child[] = []
  const play = async (): Promise<void> => {
    const installation = await startInstallation(undo, children)
    const story = await tellMerge(installation, undo)
    if (!keep) return
    tellAddresses(installation)
    await followOn(installation, story, stopped)
  }
  try {
    const signal = await Promise.race([play(), stopped])
    if (signal && !keep) process.exitCode = 130
  } catch (error) {
    console.error(`\nThe demo failed: ${(error as Error).message}`)
    for (const { name, lastLines } of children) tellLastLines(name, lastLines())
    process.exitCode = 1
  }
  await undo.all()
  // When it was stopped while it was still starting, play() goes on; nothing that it starts outlives us.
  process.exit()
}

/** Opens a pull request, merges it and tells what becomes of it. Throws if that is no success. */
async function tellMerge(installation: Installation, undo: Undo): Promise<Story> {
  const { sandbox, redisUrl, receiverUrl } = installation
  const redis = connectPatiently(redisUrl, createLogger('silent', 'demo'))
  undo.push(() => redis.disconnect())
  const beganAt = Date.now()
  const tell = (part: Parameters<typeof lineOf>[0]): void => console.log(lineOf(part, beganAt, colour))
  const tellNow = (text: string): void => tell({ at: Date.now(), kind: 'event', text })
  const story = createStory(sandbox, repository, openLogs(redis, deploymentKeys(keyPrefix)), tell)

  tellNow(`a GitHub at ${sandbox.url}, the receiver at ${receiverUrl}, a worker and their Redis are up`)
  const pull = await sandbox.openPullRequest(repository, {
    title: 'Greet visitors',
    files: { 'greeting.txt': 'Bonjour !\n' },
    user: 'octocat',
  })
  tellNow(`octocat opened pull request #${pull.number} in ${repository}: ${pull.title}`)
  const sha = await sandbox.mergePullRequest(repository, pull.number, { user: 'hubot' })
  const mergedAt = Date.now()
  tellNow(`hubot merged it into main as ${sha.slice(0, 7)}`)
  const { deployment, final } = await followDeployment(installation, repository, story, limitMs)
  if (final.state !== 'success') {
    throw new Error(`deployment #${deployment.id} ended as ${final.state}: ${final.description}`)
  }
  const seconds = ((final.at - mergedAt) / 1000).toFixed(1)
  console.log(`\nThe merge was deployed and reported to GitHub in ${seconds} s.`)
  return story
}

function tellAddresses({ sandbox, receiverUrl }: Installation): void {
  console.log(`
  ${sandbox.url}    the sandbox: open and merge pull requests, see deployments and deliveries
  ${receiverUrl}/readyz    the receiver

Ctrl-C ends it all.
`)
}

function tellLastLines(name: string, lines: string[]): void {
  if (lines.length === 0) return
  console.error(`\nThe last lines of the ${name}:`)
  for (const line of lines) console.error(`  ${readableLogLine(line, name, false)}`)
}

function readOptions(): { help?: boolean; keep?: boolean } {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' }, keep: { type: 'boolean' } } }).values
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`)
    process.exit(2)
  }
}
