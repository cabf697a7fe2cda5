import type { Place } from '../../operations/operations.ts'
import { deploymentPath, repositoryPath } from '../components/links.tsx'
import type { DeploymentOperation } from './confirmation.ts'

/** The page that asks before it does something to a deployment. */
export function operationPath(repository: string, id: number, operation: DeploymentOperation): string {
  return `${deploymentPath(repository, id)}/${operation}`
}

/** The page with the form that deploys something. */
export function deployPath(repository: string, environment?: string): string {
  return `${repositoryPath(repository)}/deploy${placeQuery({ environment })}`
}

/** A place as the query of an address; nothing for everything. */
export function placeQuery(place: Place & { id?: string }): string {
  const query = Object.entries(place).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return query.length === 0 ? '' : `?${new URLSearchParams(query)}`
}
