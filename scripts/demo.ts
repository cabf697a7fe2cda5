// npm run demo: a pull request goes all the way to production, on this machine, without an account.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { deploymentKeys } from '../src/deployments/keys.ts'
import { openLogs } from '../src/deployments/log.ts'
import { createLogger } from '../src/log/log.ts'
import { keyPrefixOf } from '../src/redis/key-prefix.ts'
import { connectPatiently } from '../src/redis/redis.ts'
import type { Child } from './child.ts'
import { inColour } from './colour.ts'
import { followOn, followUntil, overDeployment } from './demo/follow.ts'
import { type Installation, startInstallation, workSeconds } from './demo/installation.ts'
import { lineOf } from './demo/parts.ts'
import { greetingOf, shop } from './demo/shop.ts'
import { createStory, type Story } from './demo/story.ts'
import { readableLogLine } from './log-line.ts'
import { stopSignal } from './stop-signals.ts'
import { createUndo, type Undo } from './undo.ts'

const usage = `npm run demo             a pull request in a GitHub of its own: checked, merged when green, deployed to staging, then production
npm run demo -- --keep   the same, and stays up until Ctrl-C, to be played with

SIMULATED_WORK_SECONDS   how long each deployment works (1)
NO_COLOR                 no colours`

const limitMs = 60_000 + (Number(workSeconds()) || 0) * 1000
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

/** Opens a pull request that is to be merged when it is green, and tells what becomes of it. Throws if that is no success. */
async function tellMerge(installation: Installation, undo: Undo): Promise<Story> {
  const { sandbox, redisUrl, receiverUrl, directory } = installation
  const redis = connectPatiently(redisUrl, createLogger('silent', 'demo'))
  undo.push(() => redis.disconnect())
  const beganAt = Date.now()
  const tell = (part: Parameters<typeof lineOf>[0]): void => console.log(lineOf(part, beganAt, colour))
  const tellNow = (text: string): void => tell({ at: Date.now(), kind: 'event', text })
  const story = createStory(sandbox, shop, openLogs(redis, deploymentKeys(keyPrefixOf(sandbox.url))), tell)
  const until = <T>(found: () => T | undefined, what: string) =>
    followUntil(installation, story, found, what, limitMs)

  tellNow(`a GitHub at ${sandbox.url}, the receiver at ${receiverUrl}, a worker and their Redis are up`)
  const { number, title } = await sandbox.openPullRequest(shop, {
    title: 'Greet visitors',
    files: { 'greeting.txt': 'Bonjour !\n' },
    user: 'octocat',
  })
  tellNow(`octocat opened pull request #${number} in ${shop}: ${title}`)
  await sandbox.labelPullRequest(shop, number, 'automerge', { user: 'hubot' })
  tellNow('hubot labelled it automerge: it is to be merged once it is green')
  const { mergeCommitSha, mergedBy } = await until(() => {
    const pull = sandbox.pullRequest(shop, number)
    return pull.mergedAt === null ? undefined : pull
  }, 'The merge')
  const sha = mergeCommitSha ?? ''
  tellNow(`${mergedBy?.login} merged it into main as ${sha.slice(0, 7)}`)
  for (const environment of ['staging', 'production']) {
    const { deployment, final } = await until(() => overDeployment(installation, environment), environment)
    if (final.state !== 'success' || deployment.sha !== sha) {
      throw new Error(
        `deployment #${deployment.id} of ${deployment.sha.slice(0, 7)} to ${environment} ended as ${final.state}: ${final.description}`,
      )
    }
  }
  const greeting = readFileSync(greetingOf(directory, 'production'), 'utf8').trim()
  const seconds = ((Date.now() - beganAt) / 1000).toFixed(1)
  console.log(
    `\nFrom the pull request to production, which now says "${greeting}", in ${seconds} s, all of it reported to GitHub.`,
  )
  return story
}

function tellAddresses({ sandbox, receiverUrl, adminToken }: Installation): void {
  console.log(`
  ${sandbox.url}    the sandbox: open and merge pull requests, see deployments and deliveries
  ${receiverUrl}    Livraison: what is deployed where; sign in with the token ${adminToken}

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
