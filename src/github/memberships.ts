import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/** What GitHub lets somebody do in a repository. */
export type Permission = 'admin' | 'maintain' | 'write' | 'read' | 'none'

/**
 * What somebody may do in a repository (`owner/name`). Of roles that an organization made itself, what they are based on;
 * triage is read.
 *
 * @see https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export async function getPermission(github: GitHub, fullName: string, login: string): Promise<Permission> {
  const [owner = '', repo = ''] = fullName.split('/')
  const ask = github.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login })
  const data = (await orNothing(ask))?.data
  if (data === undefined) return 'none'
  if (data.role_name === 'admin' || data.role_name === 'maintain') return data.role_name
  const { permission } = data
  return permission === 'admin' || permission === 'write' || permission === 'read' ? permission : 'none'
}

/** Whether somebody is in a team (`@organization/slug`); whoever was invited and has not answered yet is not. */
export async function isInTeam(github: GitHub, team: string, login: string): Promise<boolean> {
  const [org = '', team_slug = ''] = team.slice(1).split('/')
  const ask = github.rest.teams.getMembershipForUserInOrg({ org, team_slug, username: login })
  return (await orNothing(ask))?.data.state === 'active'
}

/**
 * Whether somebody is a member of an organization. To a token of somebody who is no member, GitHub shows only those members
 * who show themselves.
 */
export async function isInOrganization(github: GitHub, org: string, login: string): Promise<boolean> {
  const answer = await orNothing(github.rest.orgs.checkMembershipForUser({ org, username: login }))
  // The types know of the redirect only, which is followed.
  return Number(answer?.status) === 204
}

/** GitHub says 404 where the answer is no, and where the token may not know. */
async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return undefined
    throw error
  }
}
