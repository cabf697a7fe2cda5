import { type Fault, valueAt } from './describe-issue.ts'
import type { Path } from './problem.ts'

/* What `notify` and `people` ask for as a whole, in a tree that may be wrong elsewhere. */

/** What is wrong with a text of an operator's own, as a sentence without its subject; undefined if nothing is. */
export type CheckTemplate = (text: string) => string | undefined

/** Where a channel may lead: an entry names exactly one of them. */
export const targets = ['slack', 'discord', 'teams', 'webhook', 'email', 'hubot'] as const

/** Entries that lead nowhere, or to several places, and texts that cannot be used. */
export function checkNotify(path: Path, notify: unknown, checkTemplate: CheckTemplate): Fault[] {
  return items(notify).flatMap((entry, index) => {
    const at = [...path, index]
    return [...checkTarget(at, entry), ...checkTexts([...at, 'texts'], entry, checkTemplate)]
  })
}

function checkTarget(path: Path, entry: unknown): Fault[] {
  if (!isMapping(entry)) return []
  const named = targets.filter((key) => valueAt(entry, [key]) !== undefined)
  if (named.length === 1) return []
  const which = named.length === 0 ? 'names none' : `names ${named.join(' and ')}`
  return [{ path, at: 'value', message: `must name exactly one of ${targets.join(', ')}; it ${which}` }]
}

function checkTexts(path: Path, entry: unknown, checkTemplate: CheckTemplate): Fault[] {
  const texts = valueAt(entry, ['texts'])
  if (!isMapping(texts)) return []
  return Object.entries(texts).flatMap(([state, text]): Fault[] => {
    const message = typeof text === 'string' ? checkTemplate(text) : undefined
    return message === undefined ? [] : [{ path: [...path, state], at: 'value', message }]
  })
}

const chats = ['slack', 'discord', 'teams', 'hubot', 'email'] as const

/** People who are nobody in any chat, and two who are the same in one: whoever speaks there would be one of them by chance. */
export function checkPeople(path: Path, people: unknown): Fault[] {
  const known = new Map<string, string>()
  return items(people).flatMap((entry, index): Fault[] => {
    const login = valueAt(entry, ['github'])
    if (!isMapping(entry) || typeof login !== 'string') return []
    const named = chats.filter((chat) => valueAt(entry, [chat]) !== undefined)
    if (named.length === 0) {
      const message = `says nothing of ${login}: name at least one of ${chats.join(', ')}`
      return [{ path: [...path, index], at: 'value', message }]
    }
    return named.flatMap((chat): Fault[] => {
      const name = valueAt(entry, [chat])
      if (typeof name !== 'string') return []
      const key = `${chat}:${name.toLowerCase()}`
      const other = known.get(key)
      known.set(key, other ?? login)
      if (other === undefined || other.toLowerCase() === login.toLowerCase()) return []
      return [{ path: [...path, index, chat], at: 'value', message: `is ${other}'s already` }]
    })
  })
}

function items(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
