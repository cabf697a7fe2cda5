import { type GiveUp, RetryLater } from '../../src/errors/errors.ts'
import type { CommandInComment } from '../../src/jobs/job.ts'
import { followCommandJobId } from '../../src/jobs/job-ids.ts'
import { readRefusal } from '../../src/operations/perform.ts'
import { doCommand } from '../commands/do-command.ts'
import { mergeTopic, requestTopic } from '../commands/memory.ts'
import { showSeen } from '../commands/react.ts'
import type { CommandResult } from '../commands/result.ts'
import type { Tools } from '../tools.ts'

/** What was asked for so long ago is not done any more: whoever asked does not expect it now. GitHub's rate limit is over sooner. */
const longestWaitMs = 2 * 3_600_000

/**
 * Does what a comment asks for, once, and has another job say what becomes of it. What became of it is written down before anything is
 * said: whoever takes this up again after a crash goes on from there.
 *
 * @throws {RetryLater} if GitHub cannot be asked now
 */
export async function command(job: CommandInComment, tools: Tools): Promise<void> {
  const { memory } = tools.commands
  const { id } = job.comment
  await tools.exclusively(`doing-command:${id}`, async () => {
    if ((await memory.read(id))?.result === undefined) {
      await memory.note(id, { asked: job })
      if (!(await showSeen(job, tools))) return sayGone(job, tools)
      await noteResult(job, await doInTime(job, tools), tools)
    }
    await follow(job, tools)
  })
}

/** Says that a command could not be done. */
export async function giveUpCommand(job: CommandInComment, reason: GiveUp, tools: Tools): Promise<void> {
  const known = await tools.commands.memory.read(job.comment.id)
  if (known?.result === undefined) {
    await tools.commands.memory.note(job.comment.id, { asked: job })
    const text = `Something went wrong; the log of the workers has the details. ${reason.message}`
    await noteResult(job, { kind: 'refused', text }, tools)
  }
  await follow(job, tools)
}

async function doInTime(job: CommandInComment, tools: Tools): Promise<CommandResult> {
  const waitedMs = Date.now() - Date.parse(job.comment.createdAt)
  if (waitedMs > longestWaitMs) {
    const text =
      'This came more than two hours after it was asked for, since no worker ran or GitHub could not be reached. It is not done now: ask again if you still want it.'
    return { kind: 'refused', text }
  }
  try {
    return await doCommand(job, tools)
  } catch (error) {
    const refused = error instanceof RetryLater ? undefined : readRefusal(error)
    if (refused) return { kind: 'refused', text: refused.reason }
    throw error
  }
}

async function noteResult(job: CommandInComment, result: CommandResult, { commands, log }: Tools) {
  const { id, by, line } = job.comment
  const { memory } = commands
  // First, so that no news is missed.
  if (result.kind === 'merge') await memory.follow(mergeTopic(job.repository.id, job.pullRequest), id)
  if (result.kind === 'deployment' && result.request) await memory.follow(requestTopic(result.request), id)
  await memory.note(id, { result })
  const about = { by, command: line }
  const text = 'text' in result ? result.text : undefined
  log.info({ ...about, outcome: result.kind, text }, 'a command in a comment')
}

async function follow({ repository, comment, delivery }: CommandInComment, { enqueue }: Tools) {
  const data = { repository, comment: comment.id, delivery }
  await enqueue({ name: 'follow-command', id: followCommandJobId(comment.id), data })
}

/** Who deleted it does not want it done. */
function sayGone({ comment }: CommandInComment, { log }: Tools): void {
  log.info({ comment: comment.id }, 'a command is not done: its comment is gone')
}
