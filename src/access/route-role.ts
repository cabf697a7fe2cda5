import type { Actor } from './actor.ts'
import type { Role } from './role.ts'

/**
 * Who may use a route. `anybody`: it needs no sign-in, or proves who calls by other means (the webhook's signature). A
 * role: on the repository that the path names (`:owner/:repo`), everywhere if it names none. `signed-in`: any role, since
 * what is asked for says what it needs.
 */
export type RouteRole = 'anybody' | 'signed-in' | Role

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Each route has one; one without does not start. */
    role?: RouteRole
    /** A list that is asked for one repository by `?repository=`: then the role there is enough. */
    listsRepository?: boolean
    /** It is there only to say that its path does not take this method. */
    refusesMethod?: boolean
  }
  interface FastifyRequest {
    /** Who calls; null where nobody has signed in. */
    actor: Actor | null
  }
}
