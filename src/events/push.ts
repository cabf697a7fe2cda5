import { z } from 'zod'
import type { Rules } from '../config/rules.ts'
import { isoTimeOf } from '../deployments/payload.ts'
import { pushJobId } from '../jobs/job-ids.ts'
import { truncate } from '../text.ts'
import { type Decision, ignoredRepository } from './decision.ts'
import { account, deployedBranch, readPayload, repository, repositoryOf } from './payload.ts'
import { decideTag, readTime, tagOf } from './tag.ts'

const pushed = z.object({
  repository: repository.extend({ pushed_at: z.union([z.int(), z.string()]).nullish() }),
  ref: z.string(),
  before: z.string().nullish(),
  after: z.string(),
  deleted: z.boolean().nullish(),
  head_commit: z.object({ message: z.string() }).nullish(),
  sender: account.nullish(),
  pusher: z.object({ name: z.string() }).nullish(),
})

/** What a sha is where there is no commit. */
const noCommit = /^0+$/

/** A push to the deployed branch is deployed to each environment that deploys pushes: the commit it ended at. That of a tag is another matter. */
export function decidePush(payload: unknown, delivery: string, rules: Rules): Decision {
  const { full_name: fullName } = readPayload(z.object({ repository }), 'push', payload).repository
  const repositoryRules = rules.of(fullName)
  if (!repositoryRules) return ignoredRepository(fullName)
  if (tagOf(payload) !== undefined) return decideTag(payload, delivery, fullName, repositoryRules)
  const environments = repositoryRules.environments.filter(({ on }) => on === 'push')
  if (environments.length === 0) {
    return { outcome: 'ignored', reason: `No environment of ${fullName} deploys pushes.` }
  }
  const event = readPayload(pushed, 'push', payload)
  const branch = deployedBranch(repositoryRules, 'push', payload)
  if (event.ref !== `refs/heads/${branch}`) {
    const ref = truncate(event.ref, 100)
    return { outcome: 'ignored', reason: `The push was to ${ref}; ${branch} is the branch that is deployed.` }
  }
  if (event.deleted)
    return { outcome: 'ignored', reason: `${branch} was deleted: there is nothing to deploy.` }
  const changedAt = isoTimeOf(readTime(event.repository.pushed_at))
  const [title = ''] = (event.head_commit?.message ?? '').split('\n')
  return {
    outcome: 'jobs',
    jobs: environments.map((environment) => ({
      name: 'start-deployment',
      id: pushJobId(event.repository.id, event.after, environment.name),
      data: {
        repository: repositoryOf(event.repository),
        environment: environment.name,
        sha: event.after,
        description: truncate(title || `A push to ${branch}`, 140),
        deployUser: event.sender?.login ?? event.pusher?.name ?? 'ghost',
        pushedTo: branch,
        ...(event.before && !noCommit.test(event.before) ? { before: event.before } : {}),
        ...(changedAt === undefined ? {} : { changedAt }),
        delivery,
      },
    })),
  }
}
