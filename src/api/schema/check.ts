import { z } from 'zod'
import { fullName, repositoryId, sha, time, url } from './terms.ts'

/** A check of a pull request as the API gives it. */
export const checkSchema = z
  .object({
    id: z.string(),
    repository: fullName,
    repositoryId,
    context: z.string().meta({ description: 'The name of the commit status' }),
    pullRequest: z.int(),
    sha,
    ref: z.string(),
    fork: z.boolean().meta({ description: 'Whether the head is in a fork' }),
    author: z.string(),
    state: z.enum(['pending', 'running', 'success', 'failure', 'error']),
    description: z.string().nullable().meta({ description: 'How it ended' }),
    cancelled: z.boolean(),
    run: z.int().meta({ description: 'One that was cancelled may run again' }),
    worker: z.string().nullable().meta({ description: 'The worker that began it last' }),
    delivery: z.string().meta({ description: 'The GUID of the delivery that asked for it' }),
    acceptedAt: time.nullable(),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    unreportable: z.string().nullable().meta({ description: 'Why GitHub takes no more statuses of it' }),
    urls: z.object({ self: url, log: url, github: url }),
  })
  .meta({ id: 'Check' })
