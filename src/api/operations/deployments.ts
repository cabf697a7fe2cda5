import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RouteRole } from '../../access/route-role.ts'
import type { Answer } from '../../operations/answer.ts'
import type { Asked, DeploymentWish } from '../../operations/operations.ts'
import { Refusal } from '../../refusal.ts'
import type { DeploymentParams } from '../find-deployment.ts'
import { deploymentId } from '../query.ts'
import { actorOf, sendAnswer } from './answer.ts'
import { name, number, object, readBody, repositoryName, words, yesOrNo } from './body.ts'
import type { OperationRouteOptions } from './options.ts'

const deployBody = {
  repository: repositoryName,
  ref: name,
  environment: name,
  description: words.optional(),
  payload: object.optional(),
  force: yesOrNo.optional(),
  reason: words.optional(),
}

const reasonBody = { reason: words.optional() }
const rollbackBody = { ...reasonBody, to: number.optional() }
const promoteBody = { ...reasonBody, environment: name.optional() }

const longestKey = 255

/** What people do to deployments. */
export async function deploymentOperations(app: FastifyInstance, { operations }: OperationRouteOptions) {
  app.post('/deployments', { config: { role: 'signed-in' } }, async (request, reply) => {
    const wish = readBody(deployBody, request.body)
    return sendAsked(reply, await operations.deploy(actorOf(request), { ...wish, key: keyOf(request) }))
  })

  type Act = (request: FastifyRequest, wish: DeploymentWish, reply: FastifyReply) => unknown
  const on = (act: string, role: RouteRole, work: Act) =>
    app.post<{ Params: DeploymentParams }>(
      `/deployments/:owner/:repo/:id/${act}`,
      { config: { role } },
      async (request, reply) => work(request, wishOf(request.params), reply),
    )

  on('cancel', 'deployer', async (request, wish, reply) =>
    sendAnswer(
      reply,
      await operations.cancel(actorOf(request), { ...wish, ...readBody(reasonBody, request.body) }),
    ),
  )
  on('retry', 'deployer', async (request, wish, reply) =>
    sendAsked(
      reply,
      await operations.retry(actorOf(request), { ...wish, ...readBody(reasonBody, request.body) }),
    ),
  )
  on('rollback', 'deployer', async (request, wish, reply) =>
    sendAsked(
      reply,
      await operations.rollBack(actorOf(request), { ...wish, ...readBody(rollbackBody, request.body) }),
    ),
  )
  on('promote', 'deployer', async (request, wish, reply) =>
    sendAsked(
      reply,
      await operations.promote(actorOf(request), { ...wish, ...readBody(promoteBody, request.body) }),
    ),
  )
  // Whoever the rules of the environment name, whatever their role.
  on('approve', 'viewer', async (request, wish, reply) =>
    sendAnswer(
      reply,
      await operations.approve(actorOf(request), { ...wish, ...readBody(reasonBody, request.body) }),
    ),
  )
  on('reject', 'viewer', async (request, wish, reply) =>
    sendAnswer(
      reply,
      await operations.reject(actorOf(request), { ...wish, ...readBody(reasonBody, request.body) }),
    ),
  )
  on('override', 'approver', async (request, wish, reply) =>
    sendAnswer(
      reply,
      await operations.override(actorOf(request), { ...wish, ...readBody(reasonBody, request.body) }),
    ),
  )
}

/** 201 once GitHub has the deployment; 202 while it waits. */
function sendAsked(reply: FastifyReply, answer: Answer<Asked>) {
  const isMade = answer.outcome === 'done' && answer.deployment !== undefined
  return sendAnswer(reply, answer, isMade ? 201 : 202)
}

function wishOf({ owner, repo, id }: DeploymentParams): DeploymentWish {
  const deployment = deploymentId.safeParse(id)
  if (deployment.success) return { deployment: deployment.data, repository: `${owner}/${repo}` }
  throw new Refusal(404, `Livraison knows no deployment #${id} of ${owner}/${repo}.`)
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (typeof key !== 'string' || key.length <= longestKey) return key as string | undefined
  throw new Refusal(400, `The header Idempotency-Key must have at most ${longestKey} characters.`)
}
