import type { PersonRules } from '../config/rules.ts'

/** What a chat knows of somebody: an id or name of its own, and an e-mail address where it vouches for one. */
export interface ChatUser {
  chat: 'slack' | 'hubot' | 'discord' | 'teams'
  /** All that the chat calls them by: their id first, then names that nobody else can take. */
  names: readonly string[]
  email?: string | undefined
}

/** The login at GitHub of somebody in a chat, by `people` in livraison.yml; undefined: nobody says who that is. Pure. */
export function whoIs(user: ChatUser, people: readonly PersonRules[]): string | undefined {
  const byName = people.find((person) => {
    const name = person[user.chat]
    return name !== undefined && user.names.some((each) => same(each, name))
  })
  const byEmail = people.find(({ email }) => email !== undefined && same(email, user.email ?? ''))
  return (byName ?? byEmail)?.github
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
