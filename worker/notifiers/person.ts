import type { PersonRules } from '../../src/config/rules.ts'
import type { Line, Message } from '../../src/notices/message.ts'

/** Who a login at GitHub is in the chats; undefined: nobody says. Pure. */
export function personOf(login: string, people: readonly PersonRules[]): PersonRules | undefined {
  return people.find(({ github }) => github.toLowerCase() === login.toLowerCase())
}

/** The logins that a message mentions, each once. Pure. */
export function mentionedIn({ title, lines }: Message): string[] {
  const spans = [title, ...lines].flat()
  return [...new Set(spans.flatMap((span) => (span.kind === 'person' ? [span.login] : [])))]
}

/** All lines of a message, the title first. Pure. */
export function allLines({ title, lines }: Message): readonly Line[] {
  return [title, ...lines]
}
