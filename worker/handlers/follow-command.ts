import { findEnvironment } from '../../src/config/find-environment.ts'
import { type FollowCommand, fullName } from '../../src/jobs/job.ts'
import { AskAgain } from '../ask-again.ts'
import { type Composed, compose } from '../commands/compose.ts'
import type { Remembered } from '../commands/memory.ts'
import { readProgress } from '../commands/progress.ts'
import { showEnd } from '../commands/react.ts'
import { say } from '../commands/say.ts'
import type { Tools } from '../tools.ts'

/** What is not over by then is not followed any more: a merge is waited for 30 days, approvals for less. */
const longestMs = 32 * 24 * 3_600_000

/**
 * Keeps our comment on a command up to date, and shows at the end how it went. It is the one job of its command until then: it sleeps
 * while nothing happens, and is woken by news.
 *
 * @throws {AskAgain} while it goes on
 */
export async function followCommand(job: FollowCommand, tools: Tools): Promise<void> {
  const { memory } = tools.commands
  const { reaction, text } = await tools.exclusively(`following-command:${job.comment}`, async (lease) => {
    const known = await memory.read(job.comment)
    if (known?.result === undefined) return { text: '', reaction: '+1' as const }
    const composed = await composeNow(known, tools)
    await say(known, composed.text, tools, lease)
    if (composed.reaction !== undefined) await showEnd(known, composed.reaction, tools)
    return composed
  })
  if (reaction !== undefined) return
  const known = await memory.read(job.comment)
  if (known === undefined || known.answer === 0) return
  const ageMs = Date.now() - Date.parse(known.asked.comment.createdAt)
  if (ageMs > longestMs) return
  const { firstMs, longestMs: seldomMs } = tools.commands.pace
  const nextMs = Math.min(Math.max(ageMs, firstMs), seldomMs)
  throw new AskAgain(`The command of comment ${job.comment} goes on.`, nextMs, async () => {
    const now = await composeNow(known, tools)
    return now.text !== text
  })
}

async function composeNow({ asked, result }: Remembered, tools: Tools): Promise<Composed> {
  if (result === undefined) return { text: '' }
  const { repository } = asked
  const progress = await readProgress(asked, result, tools)
  const rules = tools.rules.current.of(fullName(repository))
  const environment =
    result.kind === 'deployment' && rules ? findEnvironment(rules, result.environment) : undefined
  const { links } = tools.commands
  return compose({ job: asked, result, progress, links, environmentUrl: environment?.url })
}
