import type { Actor } from './actor.ts'
import type { Role } from './role.ts'

/** Who may do what. Where it cannot be found out, nobody may do anything. */
export interface Access {
  /**
   * The role of somebody in a repository (`owner/name`), or, without one, everywhere. Undefined: none.
   *
   * @throws {Refusal} 503 if GitHub must be asked and cannot be
   */
  roleOf(actor: Actor, repository?: string): Promise<Role | undefined>
  /**
   * Whether somebody is one of these people (`octocat`) or in one of these teams (`@acme/deployers`); whoever is no
   * person with a GitHub account is not.
   *
   * @throws {Refusal} 503 if GitHub must be asked and cannot be
   */
  isOneOf(actor: Actor, whom: readonly string[]): Promise<boolean>
}
