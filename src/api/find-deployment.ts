import type { DeploymentRecord } from '../deployments/record.ts'
import { Refusal } from '../errors/refusal.ts'
import { nameIfMeant } from './name-if-meant.ts'
import { deploymentId } from './query.ts'
import type { Sources } from './sources.ts'

/** The path parameters that name a deployment. */
export interface DeploymentParams {
  owner: string
  repo: string
  id: string
}

/** A deployment, and the `owner/name` that its repository has now. */
export interface FoundDeployment {
  record: DeploymentRecord
  name: string
}

/**
 * The deployment of a path. The number alone is its identity; the repository must be its own, by the name it has
 * now or by the one it had then, so that old links go on working.
 *
 * @throws {Refusal} 404 if there is none
 */
export async function findDeployment(
  { records, repositories }: Pick<Sources, 'records' | 'repositories'>,
  params: DeploymentParams,
): Promise<FoundDeployment> {
  const { owner, repo, id } = params
  const number = deploymentId.safeParse(id)
  const record = number.success ? await records.read(number.data) : undefined
  const name = record && (await nameIfMeant(repositories, record.repository, params))
  if (record !== undefined && name !== undefined) return { record, name }
  throw new Refusal(404, `Livraison knows no deployment #${id} of ${owner}/${repo}.`)
}
