import { z } from 'zod'
import type { RepositoryRules } from '../config/rules.ts'
import { BadRequest } from '../errors/bad-request.ts'
import type { Repository } from '../jobs/job.ts'

/** A person or a bot, as every payload names them. */
export const account = z.object({ login: z.string(), type: z.string().optional() })

/** The repository of a payload. */
export const repository = z.object({
  id: z.int(),
  name: z.string(),
  full_name: z.string().regex(/^[^/]+\/[^/]+$/),
})

/** The repository as jobs carry it. */
export function repositoryOf(payload: z.output<typeof repository>): Repository {
  return { id: payload.id, owner: payload.full_name.split('/')[0] ?? '', name: payload.name }
}

/**
 * Reads the fields that we rely on; what else a payload holds is let go.
 *
 * @throws {BadRequest} that names each field which is missing or of another type
 */
export function readPayload<T extends z.ZodType>(schema: T, event: string, payload: unknown): z.output<T> {
  const result = schema.safeParse(payload)
  if (result.success) return result.data
  const fields = result.error.issues.map((issue) => issue.path.join('.') || 'the payload itself')
  throw new BadRequest(`The ${event} payload lacks what the job needs: ${fields.join(', ')}.`)
}

const defaultBranch = z.object({ repository: z.object({ default_branch: z.string() }) })

/** The branch that the rules deploy. The payload is asked for it only where they leave it open. */
export function deployedBranch(rules: RepositoryRules, event: string, payload: unknown): string {
  return rules.branch ?? readPayload(defaultBranch, event, payload).repository.default_branch
}

/** The action of a payload, if it has one. */
export function actionOf(payload: unknown): string | undefined {
  const action =
    typeof payload === 'object' && payload !== null && 'action' in payload ? payload.action : undefined
  return typeof action === 'string' ? action : undefined
}
