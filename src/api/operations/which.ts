import { z } from 'zod'
import { Refusal } from '../../errors/refusal.ts'
import { words } from '../body.ts'
import type { DeploymentParams } from '../find-deployment.ts'
import { deploymentId } from '../query.ts'
import { numbered } from '../schema/terms.ts'

/** The body of an operation on a deployment. */
export const reasonBody = z.strictObject({ reason: words.optional() })

/** What the operations on a deployment have in common. */
export const onDeployment = {
  tags: ['deployments'],
  params: numbered,
  body: reasonBody,
  refusals: [409],
}

/** The deployment of a path, with what is wanted of it. @throws {Refusal} 404 for what is no number */
export function wishOf<T extends object>({ params, body }: { params: DeploymentParams; body: T }) {
  const { owner, repo, id } = params
  const deployment = deploymentId.safeParse(id)
  if (deployment.success) return { ...body, deployment: deployment.data, repository: `${owner}/${repo}` }
  throw new Refusal(404, `Livraison knows no deployment #${id} of ${owner}/${repo}.`)
}
