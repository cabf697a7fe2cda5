import { type PullHead, readPullHead, whenPushed } from '../../src/github/pull-head.ts'
import type { DeployedPull } from '../../src/operations/operations.ts'
import type { Tools } from '../tools.ts'
import { type Asked, perform } from './asked.ts'
import { chooseForPull } from './choose-environment.ts'
import { doubtHead } from './judge-head.ts'
import type { CommandResult } from './result.ts'

/** What of a pull request is to be deployed. */
interface Chosen {
  sha: string
  pullRequest: DeployedPull
  /** In words. */
  what: string
}

/**
 * Deploys a pull request: while it is open its head, which must be the one that whoever commented saw; once it is merged, what it was
 * merged as. The commit that is chosen here is the one that is judged and deployed, whatever happens to its branch.
 */
export async function deployPull(asked: Asked<'deploy'>, tools: Tools): Promise<CommandResult> {
  const { command, repository, rules, job } = asked
  const pull = await readPullHead(tools.github, job.repository, job.pullRequest)
  if (pull.state === 'closed') {
    const text = `#${pull.number} was closed without being merged: open it again to deploy it.`
    return { kind: 'refused', text }
  }
  const isMerged = pull.state === 'merged'
  if (isMerged && !(rules.branch === undefined ? pull.isBaseDefault : rules.branch === pull.base)) {
    const text = `#${pull.number} was merged into ${pull.base}, which is not the branch that is deployed.`
    return { kind: 'refused', text }
  }
  const where = chooseForPull(rules, command.environment, { fork: pull.fork, isMerged }, '/deploy')
  if ('ask' in where) return { kind: 'unclear', text: where.ask }
  if ('refused' in where) return { kind: 'refused', text: where.refused }
  const { environment } = where
  const chosen = await choose(asked, pull, environment, tools)
  if ('refused' in chosen) return { kind: 'refused', text: chosen.refused }
  const { sha, pullRequest, what } = chosen
  const { force, reason } = command
  const reply = await perform(
    asked,
    {
      ...{ name: 'deploy', repository, environment, ref: sha, force, pullRequest },
      ...(reason === undefined ? {} : { reason }),
      key: `comment ${job.comment.id}`,
    },
    tools,
  )
  if (reply.outcome === 'refused') return { kind: 'refused', text: reply.text }
  const { request, deployment } = reply
  return {
    ...{ kind: 'deployment', environment, what },
    ...(request === undefined ? {} : { request }),
    ...(deployment === undefined ? {} : { deployment }),
  }
}

async function choose(
  { command, job }: Asked<'deploy'>,
  pull: PullHead,
  environment: string,
  { github }: Tools,
): Promise<Chosen | { refused: string }> {
  const { number, sha, mergeSha, ref, base } = pull
  if (pull.state === 'merged') return mergeOf(pull, mergeSha ?? sha, base, command.sha)
  const refused = doubtHead({
    pull,
    commentedAt: Date.parse(job.comment.createdAt),
    pushedAt: command.sha === sha ? undefined : await whenPushed(github, pull),
    named: command.sha,
    again: `/deploy ${environment}`,
  })
  if (refused !== undefined) return { refused }
  const what = `${sha.slice(0, 7)}, the head of ${ref}`
  return { sha, pullRequest: { number, branch: ref, isHead: true }, what }
}

/** A merge does not change any more. */
function mergeOf(
  { number }: PullHead,
  sha: string,
  branch: string,
  named: string | undefined,
): Chosen | { refused: string } {
  if (named !== undefined && !sha.startsWith(named)) {
    return { refused: `#${number} is merged, as ${sha.slice(0, 7)}: only that can be deployed from here.` }
  }
  const what = `${sha.slice(0, 7)}, which #${number} was merged as`
  return { sha, pullRequest: { number, branch, isHead: false }, what }
}
