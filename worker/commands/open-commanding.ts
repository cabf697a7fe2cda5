import { openIdentity } from '../../src/access/identity.ts'
import { openAccess } from '../../src/access/open-access.ts'
import { openSources } from '../../src/api/sources.ts'
import { openCommands } from '../../src/commands/open-commands.ts'
import type { RulesInForce } from '../../src/config/rules.ts'
import { listDeployments } from '../../src/deployments/list.ts'
import type { GitHub } from '../../src/github/client.ts'
import type { Enqueue } from '../../src/jobs/enqueue.ts'
import { fullName } from '../../src/jobs/job.ts'
import { followCommandJobId } from '../../src/jobs/job-ids.ts'
import type { Queues } from '../../src/jobs/queues.ts'
import { wakeJob } from '../../src/jobs/wake.ts'
import type { Logger } from '../../src/log/log.ts'
import { openOperations } from '../../src/operations/open-operations.ts'
import { openOperationParts } from '../../src/operations/parts.ts'
import type { Redis } from '../../src/redis/redis.ts'
import type { CiLooks } from '../gate-rules.ts'
import { openFreshQuestions } from './fresh-questions.ts'
import { openCommandMemory } from './memory.ts'
import type { Commanding, CommandLinks } from './tools.ts'

export interface CommandingOptions {
  redis: Redis
  prefix: string
  queues: Queues
  enqueue: Enqueue
  rules: RulesInForce
  github: GitHub
  log: Logger
  publicUrl: string
  /** Where people see repositories, without a slash at the end. */
  githubUrl: string
  pace: CiLooks
}

/** Opens what commands in comments need. */
export function openCommanding(options: CommandingOptions): Commanding {
  const { redis, prefix, queues, enqueue, rules, github, publicUrl, githubUrl, pace } = options
  const identity = openIdentity({ ...options, adminToken: undefined })
  const access = openAccess({ rules, tokens: identity.tokens, questions: openFreshQuestions(github) })
  // What becomes of a wish is followed by a job of its own: nobody waits for it here.
  const parts = openOperationParts({ redis, prefix, queues, enqueue, rules, access, github, patienceMs: 0 })
  const sources = openSources({
    ...{ redis, queues, rules, identity, publicUrl, githubUrl },
    audit: parts.audit,
    keyPrefix: prefix,
  })
  const memory = openCommandMemory(redis, prefix)
  return {
    run: openCommands(sources, openOperations(parts), access),
    access,
    memory,
    overview: sources.overview,
    newest: async (filter, limit) => (await listDeployments(redis, sources.keys, filter, limit)).records,
    async wake(topic) {
      for (const comment of await memory.followers(topic)) {
        await wakeJob(queues.events, followCommandJobId(comment))
      }
    },
    pace,
    links: linksTo(publicUrl, githubUrl),
  }
}

function linksTo(publicUrl: string, githubUrl: string): CommandLinks {
  return {
    log: (repository, deployment) => `${publicUrl}/deployments/${fullName(repository)}/${deployment}`,
    why: (repository, environment) =>
      `${publicUrl}/why/${fullName(repository)}/${encodeURIComponent(environment)}`,
    commit: (repository, sha) => `${githubUrl}/${fullName(repository)}/commit/${sha}`,
  }
}
