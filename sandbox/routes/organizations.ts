import type { Handler } from '../api.ts'
import { notFound } from '../refusal.ts'
import { ok } from './call.ts'

/** Who is in an organization and its teams. The token is one of a member, to whom all others are shown. */
export const organizations: Record<string, Handler> = {
  'orgs/check-membership-for-user': ({ world, params: { org = '', username = '' } }) => {
    if (!world.organizations.get(org.toLowerCase())?.has(username.toLowerCase())) throw notFound()
    return { status: 204 }
  },

  'teams/get-membership-for-user-in-org': ({ world, path, params: { org, team_slug, username = '' } }) => {
    const members = world.teams.get(`${org}/${team_slug}`.toLowerCase())
    if (!members?.has(username.toLowerCase())) throw notFound()
    return ok({ url: `${world.apiUrl}${path}`, role: 'member', state: 'active' })
  },
}
