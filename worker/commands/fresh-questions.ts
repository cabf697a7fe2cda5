import { type Questions, roleByPermission } from '../../src/access/questions.ts'
import type { GitHub } from '../../src/github/client.ts'
import { getPermission, isInOrganization, isInTeam } from '../../src/github/memberships.ts'

/**
 * What GitHub says of people at this moment: no answer is kept, and what keeps GitHub from answering is thrown as it is, for whoever
 * asks to come back.
 */
export function openFreshQuestions(github: GitHub): Questions {
  return {
    permissionOf: async (login, repository) =>
      roleByPermission[await getPermission(github, repository, login)],
    isInTeam: (login, team) => isInTeam(github, team, login),
    isInOrganization: (login, organization) => isInOrganization(github, organization, login),
  }
}
