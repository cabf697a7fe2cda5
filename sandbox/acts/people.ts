import type { Login, User } from '../state.ts'
import { tell, userNamed, type World } from '../world.ts'

/** Makes an account, a member of these organizations. */
export function addPerson(world: World, login: Login, organizations: readonly string[]): User {
  for (const name of organizations) {
    userNamed(world, name, 'Organization')
    put(world.organizations, name, login)
  }
  tell(world, { what: 'person added', id: login })
  return userNamed(world, login)
}

/** Makes somebody a member of a team, and so of its organization. */
export function addToTeam(world: World, organization: string, slug: string, login: Login): void {
  addPerson(world, login, [organization])
  put(world.teams, `${organization}/${slug}`, login)
}

/** Takes somebody out of an organization and all its teams. */
export function removePerson(world: World, organization: string, login: Login): void {
  world.organizations.get(organization.toLowerCase())?.delete(login.toLowerCase())
  for (const [team, members] of world.teams) {
    if (team.startsWith(`${organization.toLowerCase()}/`)) members.delete(login.toLowerCase())
  }
  tell(world, { what: 'person removed', id: login })
}

function put(groups: Map<string, Set<Login>>, name: string, login: Login): void {
  const group = groups.get(name.toLowerCase()) ?? new Set()
  groups.set(name.toLowerCase(), group.add(login.toLowerCase()))
}
