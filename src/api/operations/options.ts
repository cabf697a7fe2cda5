import type { OperationDependencies } from '../../operations/dependencies.ts'
import type { Operations } from '../../operations/operations.ts'

/** What the routes of the operations need: those, what they read beside them, and where people reach the receiver. */
export interface OperationRouteOptions {
  operations: Operations
  parts: OperationDependencies
  publicUrl: string
}

/** The path parameters of a place. */
export interface PlaceParams {
  owner: string
  repo: string
  environment?: string
}

/** The place of a path, as operations name it. */
export function placeOf({ owner, repo, environment }: PlaceParams) {
  return { repository: `${owner}/${repo}`, environment }
}
