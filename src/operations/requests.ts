import type { Face } from '../access/actor.ts'
import type { DeploymentRecord } from '../deployments/record.ts'
import { toHash } from '../hash.ts'
import type { Redis } from '../redis/redis.ts'
import { open, settle } from './request-scripts.ts'

/** Somebody's wish, through us, to have a commit deployed. */
export interface NewRequest {
  id: string
  /** An {@link Actor}'s name. */
  by: string
  face: Face
  repositoryId: number
  /** `owner/name`, as it was then. */
  repository: string
  environment: string
  /** The branch, tag or sha that was named. */
  ref?: string | undefined
  sha: string
  reason?: string | undefined
  /** Whether it is to pass soft locks, windows and freezes. */
  force: boolean
}

/** The wish, and what became of it. */
export interface DeploymentRequest extends NewRequest {
  /** Milliseconds since 1970, by Redis's clock. */
  at: number
  /** How many times it was asked for; more than once only if it came to nothing. */
  attempt: number
  /** The deployment that was made. */
  deployment?: number
  /** Why none was made. */
  refused?: string
  /** What it waits for before one is made. */
  waitsFor?: string
}

/** The memory of who asked for a deployment through us. */
export interface Requests {
  /** Writes one down, or gives the one that has its id. `anew`: one that came to nothing is asked for once more. */
  open(request: NewRequest, anew?: boolean): Promise<{ request: DeploymentRequest; isNew: boolean }>
  read(id: string): Promise<DeploymentRequest | undefined>
  /** The result; what came first stays. */
  made(id: string, deployment: number): Promise<void>
  refused(id: string, reason: string): Promise<void>
  waits(id: string, what: string): Promise<void>
  /**
   * The request that a deployment names, if it was made for it: whoever may create deployments can write any request into
   * their payloads.
   */
  believed(deployment: Requested): Promise<DeploymentRequest | undefined>
}

/** What of a deployment must be as a request says. */
export type Requested = Pick<DeploymentRecord, 'id' | 'sha' | 'environment' | 'repository' | 'request'>

/** As long as the record of a deployment is kept, unless that is set to more. */
const keptMs = 90 * 24 * 3600 * 1000

/** Opens the memory in Redis: a hash a request. */
export function openRequests(redis: Redis, prefix: string): Requests {
  const keyOf = (id: string) => `${prefix}:request:${id}`
  const read = async (id: string) => toRequest(await redis.hgetall(keyOf(id)))
  const note = (id: string, field: 'deployment' | 'refused' | 'waitsFor', value: string | number) =>
    settle(redis, [keyOf(id)], [field, value])

  return {
    read,

    async open(request, anew = false) {
      const args = [JSON.stringify(request), keptMs, Number(anew)]
      const [isNew, list] = (await open(redis, [keyOf(request.id)], args)) as [number, string[]]
      const written = toRequest(toHash(list))
      if (!written) throw new Error(`Redis has lost the request ${request.id} at once.`)
      return { request: written, isNew: isNew === 1 }
    },

    async made(id, deployment) {
      await note(id, 'deployment', deployment)
    },

    async refused(id, reason) {
      await note(id, 'refused', reason)
    },

    async waits(id, what) {
      await note(id, 'waitsFor', what)
    },

    async believed(deployment) {
      const request = deployment.request === undefined ? undefined : await read(deployment.request)
      return request && isMadeFor(deployment, request) ? request : undefined
    },
  }
}

/** Whether a deployment is what a request asked for. Pure. */
export function isMadeFor(
  { id, sha, environment, repository }: Requested,
  request: DeploymentRequest,
): boolean {
  return (
    request.sha === sha &&
    request.environment.toLowerCase() === environment.toLowerCase() &&
    request.repositoryId === repository.id &&
    // GitHub tells of it before its maker has heard its number.
    (request.deployment === undefined || request.deployment === id)
  )
}

function toRequest(fields: Record<string, string>): DeploymentRequest | undefined {
  const { asked, at, attempt, deployment, refused, waitsFor } = fields
  if (asked === undefined) return undefined
  return {
    ...(JSON.parse(asked) as NewRequest),
    at: Number(at),
    attempt: Number(attempt),
    ...(deployment === undefined ? {} : { deployment: Number(deployment) }),
    ...(refused === undefined ? {} : { refused }),
    ...(waitsFor === undefined ? {} : { waitsFor }),
  }
}
