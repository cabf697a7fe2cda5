import { z } from 'zod'
import { commandLine } from '../commands/comment-grammar.ts'
import type { Rules } from '../config/rules.ts'
import { commandJobId } from '../jobs/job-ids.ts'
import { type Decision, ignoredAction, ignoredRepository } from './decision.ts'
import { account, actionOf, readPayload, repository, repositoryOf } from './payload.ts'

const created = z.object({
  repository,
  issue: z.object({ number: z.int(), pull_request: z.unknown().optional() }),
  comment: z.object({
    id: z.int(),
    body: z.string().nullish(),
    user: account.nullish(),
    created_at: z.string(),
    performed_via_github_app: z.unknown().optional(),
  }),
})

/**
 * A new comment on a pull request that begins with one of our commands asks for that. Whether whoever wrote it may have it done is
 * for a worker to find out, of GitHub, when it does it: nothing that the payload says of them counts.
 */
export function decideIssueComment(payload: unknown, delivery: string, rules: Rules): Decision {
  const action = actionOf(payload)
  if (action !== 'created') return ignoredAction('issue_comment', action)
  const event = readPayload(created, 'issue_comment', payload)
  const { full_name: fullName } = event.repository
  if (!rules.of(fullName)) return ignoredRepository(fullName)
  const { issue, comment } = event
  if (!issue.pull_request) return { outcome: 'ignored', reason: 'It is a comment on an issue.' }
  const line = commandLine(comment.body ?? '')
  if (line === undefined) return { outcome: 'ignored', reason: 'The comment begins with no command.' }
  const { user } = comment
  if (!user) return { outcome: 'ignored', reason: 'Who commented has no account any more.' }
  if (user.type !== undefined && user.type !== 'User') {
    return { outcome: 'ignored', reason: `${user.login} is a bot: only people's comments are commands.` }
  }
  if (comment.performed_via_github_app) {
    return { outcome: 'ignored', reason: `An app wrote this in ${user.login}'s name.` }
  }
  return {
    outcome: 'jobs',
    jobs: [
      {
        name: 'command',
        id: commandJobId(comment.id),
        data: {
          repository: repositoryOf(event.repository),
          pullRequest: issue.number,
          comment: { id: comment.id, by: user.login, line, createdAt: comment.created_at },
          delivery,
        },
      },
    ],
  }
}
