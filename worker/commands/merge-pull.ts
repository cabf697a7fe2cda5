import { isEnough } from '../../src/access/role.ts'
import { readPullHead, whenPushed } from '../../src/github/pull-head.ts'
import { pullChangeJobId } from '../../src/jobs/job-ids.ts'
import { mayNotWords, neededRoles } from '../../src/operations/authorise.ts'
import type { Tools } from '../tools.ts'
import type { Asked } from './asked.ts'
import { doubtHead } from './judge-head.ts'
import type { CommandResult } from './result.ts'

const deed = 'have a pull request merged'

/** Has a pull request merged once all that it needs is there, by what merges those that carry a label. */
export async function mergePull(asked: Asked<'merge'>, tools: Tools): Promise<CommandResult> {
  const result = await ask(asked, tools)
  const { actor, repository, job } = asked
  const text = result.kind === 'merge' ? `#${job.pullRequest} is merged once it may be.` : result.text
  const isAllowed = isEnough(asked.role, neededRoles[deed])
  const outcome = result.kind === 'merge' ? 'done' : isAllowed ? 'conflict' : 'forbidden'
  await tools.audit.note({ action: 'merge', actor, repository, outcome, text })
  return result
}

async function ask(
  { command, actor, role, rules, repository, job }: Asked<'merge'>,
  { github, enqueue }: Tools,
): Promise<Extract<CommandResult, { kind: 'merge' | 'refused' }>> {
  const refuse = (text: string) => ({ kind: 'refused', text }) as const
  if (!isEnough(role, neededRoles[deed])) return refuse(mayNotWords(actor.name, deed, role, repository))
  if (!rules.merge) {
    return refuse(`livraison.yml has no \`merge\` for ${repository}: merge it by hand, or have it added.`)
  }
  const pull = await readPullHead(github, job.repository, job.pullRequest)
  if (pull.state !== 'open') return refuse(`#${pull.number} is ${pull.state} already.`)
  const commentedAt = Date.parse(job.comment.createdAt)
  const doubt = doubtHead({
    ...{ pull, commentedAt, named: command.sha, again: '/merge' },
    pushedAt: command.sha === pull.sha ? undefined : await whenPushed(github, pull),
  })
  if (doubt !== undefined) return refuse(doubt)
  const { id } = job.repository
  await enqueue({
    name: 'pull-request-changed',
    id: pullChangeJobId(id, pull.number, 'command', String(job.comment.id)),
    data: {
      ...{ repository: job.repository, pullRequest: pull.number, labelled: false, delivery: job.delivery },
      ask: { how: 'command', by: actor.name, sha: pull.sha, base: pull.base, at: commentedAt },
    },
  })
  return { kind: 'merge', sha: pull.sha }
}
