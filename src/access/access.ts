import type { FastifyRequest } from 'fastify'
import type { Repository } from '../jobs/job.ts'

/** What somebody may do, from the least to the most; each may do what those before it may. */
export const roles = ['viewer', 'deployer', 'approver', 'admin'] as const

export type Role = (typeof roles)[number]

/** Who asks for something. */
export interface Actor {
  /** `admin` knows ADMIN_TOKEN; a `token` was made for a machine; a `person` is known by a GitHub login. */
  kind: 'admin' | 'token' | 'person'
  /** The GitHub login, the token's name, or `admin`. */
  name: string
  /** Of a token: its id. */
  id?: string
}

/** Who may come in, and what they may do. */
export interface Access {
  /**
   * Who sent a request, by its bearer token or its session's cookie; undefined: nobody that is known.
   *
   * @throws {Refusal} 401 if what it brings is wrong or no longer valid
   */
  identify(request: FastifyRequest): Promise<Actor | undefined>
  /**
   * What an actor may do in a repository, or, without one, everywhere; undefined: nothing at all. What cannot be found
   * out is nothing.
   */
  roleOf(actor: Actor, repository?: Repository): Promise<Role | undefined>
}

/** Whether whoever has this role may do what needs that one. */
export function suffices(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(needed)
}
