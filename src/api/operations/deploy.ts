import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { Refusal } from '../../errors/refusal.ts'
import type { ApiApp } from '../../openapi/schemas.ts'
import { name, repository, words } from '../body.ts'
import { actorOf } from './answer.ts'
import { askedResponse, tellAsked } from './asked.ts'
import type { OperationRouteOptions } from './options.ts'

const longestKey = 255

const schema = {
  operationId: 'deploy',
  tags: ['deployments'],
  summary: 'Deploys a branch, a tag or a commit',
  description:
    '201 once GitHub has the deployment, 202 while it waits to be made. Whoever deploys needs the role deployer in the repository, and approver to use `force`.',
  body: z.strictObject({
    repository,
    ref: name.meta({ description: 'A branch, a tag or a sha', examples: ['main'] }),
    environment: name,
    description: words.optional().meta({ description: 'What GitHub shows of it' }),
    payload: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'What the deployment carries' }),
    force: z
      .boolean()
      .optional()
      .meta({ description: 'Whether it passes soft locks, windows and freezes; needs a reason' }),
    reason: words.optional(),
  }),
  documented: {
    headers: z.object({
      'Idempotency-Key': z
        .string()
        .max(longestKey)
        .optional()
        .meta({ description: 'Two wishes of one key are one' }),
    }),
  },
  response: askedResponse,
  refusals: [404, 409, 422],
}

/** `POST /api/deployments`: deploys. */
export async function deployRoute(app: ApiApp, { operations }: OperationRouteOptions) {
  app.post('/deployments', { config: { role: 'signed-in' }, schema }, async (request, reply) => {
    const wish = { ...request.body, key: keyOf(request.headers) }
    return tellAsked(reply, await operations.deploy(actorOf(request), wish))
  })
}

function keyOf({ 'idempotency-key': key }: IncomingHttpHeaders): string | undefined {
  if (typeof key !== 'string') return undefined
  if (key.length <= longestKey) return key
  throw new Refusal(400, `The header Idempotency-Key must have at most ${longestKey} characters.`)
}
