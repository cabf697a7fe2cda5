import { z } from 'zod'
import { matchGlobs } from '../config/match-globs.ts'
import type { RepositoryRules } from '../config/rules.ts'
import { isoTimeOf } from '../deployments/payload.ts'
import { tagJobId } from '../jobs/job-ids.ts'
import { truncate } from '../text.ts'
import type { Decision } from './decision.ts'
import { account, readPayload, repository, repositoryOf } from './payload.ts'

const ofTags = 'refs/tags/'

const pushed = z.object({
  repository: repository.extend({
    pushed_at: z.union([z.int(), z.string()]).nullish(),
  }),
  ref: z.string(),
  deleted: z.boolean().nullish(),
  // The commit that the tag leads to. `after` is that too, or of an annotated tag the tag's own object.
  head_commit: z.object({ id: z.string() }).nullish(),
  sender: account.nullish(),
  pusher: z.object({ name: z.string() }).nullish(),
})

/** The tag that a push was of; undefined if it was of something else. */
export function tagOf(payload: unknown): string | undefined {
  const { ref } = readPayload(z.object({ ref: z.string().optional() }), 'push', payload)
  return ref?.startsWith(ofTags) ? ref.slice(ofTags.length) : undefined
}

/** A tag that was made or moved: its commit is deployed to each environment that deploys such tags. */
export function decideTag(
  payload: unknown,
  delivery: string,
  fullName: string,
  rules: RepositoryRules,
): Decision {
  const ignored = (reason: string): Decision => ({ outcome: 'ignored', reason })
  const deploying = rules.environments.filter(({ on }) => on === 'tag')
  if (deploying.length === 0) return ignored(`No environment of ${fullName} deploys tags.`)
  const event = readPayload(pushed, 'push', payload)
  const tag = event.ref.slice(ofTags.length)
  const shown = truncate(tag, 100)
  if (event.deleted) return ignored(`The tag ${shown} was deleted: there is nothing to deploy.`)
  const environments = deploying.filter(({ tags }) => matchGlobs(tags)(tag))
  if (environments.length === 0) return ignored(`No environment of ${fullName} deploys tags like ${shown}.`)
  const sha = event.head_commit?.id
  if (sha === undefined) return ignored(`The tag ${shown} is not of a commit: there is nothing to deploy.`)
  const pushedAt = readTime(event.repository.pushed_at)
  const changedAt = isoTimeOf(pushedAt)
  return {
    outcome: 'jobs',
    jobs: environments.map((environment) => ({
      name: 'start-deployment',
      id: tagJobId(event.repository.id, sha, tag, environment.name),
      data: {
        repository: repositoryOf(event.repository),
        environment: environment.name,
        sha,
        description: truncate(tag, 140),
        deployUser: event.sender?.login ?? event.pusher?.name ?? 'ghost',
        tag,
        ...(pushedAt === undefined ? {} : { pushedAt }),
        ...(changedAt === undefined ? {} : { changedAt }),
        delivery,
      },
    })),
  }
}

/** GitHub's time of a push, in milliseconds since 1970: in webhooks of pushes it is in seconds, elsewhere a text. */
export function readTime(at: number | string | null | undefined): number | undefined {
  const ms = typeof at === 'number' ? at * 1000 : Date.parse(at ?? '')
  return Number.isNaN(ms) ? undefined : ms
}
