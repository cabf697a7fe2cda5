import { readDuration } from '../../config/duration.ts'

/** What somebody has written after a slash command, before it is known which repository they mean. */
export type Wish =
  | { name: 'deploy'; app?: string; environment?: string; force: boolean; reason?: string }
  | { name: 'lock'; app?: string; environment?: string; reason: string; expiresInMs?: number }
  | { name: 'unlock' | 'status' | 'deployments'; app?: string; environment?: string }
  | { name: 'why'; app?: string; environment?: string }
  | { name: 'environments'; app?: string }
  | ({ name: OnDeployment; reason?: string } & Which)
  | ({ name: 'promote'; to?: string } & Which)

type OnDeployment = 'rollback' | 'approve' | 'reject' | 'cancel' | 'override' | 'retry'

interface Which {
  app?: string
  environment?: string
  deployment?: number
}

export type Spoken = { help: string | undefined } | { wrong: string } | { wish: Wish }

const verbs = {
  deploy: 'deploy',
  lock: 'lock',
  unlock: 'unlock',
  rollback: 'rollback',
  'roll-back': 'rollback',
  approve: 'approve',
  reject: 'reject',
  cancel: 'cancel',
  override: 'override',
  retry: 'retry',
  promote: 'promote',
  status: 'status',
  why: 'why',
  list: 'deployments',
  deployments: 'deployments',
  where: 'environments',
  environments: 'environments',
} as const satisfies Record<string, Wish['name']>

type Verb = keyof typeof verbs

/**
 * Reads `/deploy shop/topic to staging` and the like: the command, and the text after it. A command that is called as one of the
 * verbs is that verb; after any other the text begins with one. After `/deploy`, too, another verb may come first. Pure.
 */
export function readWish(command: string, text: string): Spoken {
  const words = wordsOf(text)
  const own = verbOf(command.replace(/^\//, ''))
  const [first = 'help', ...rest] = words
  if (isHelp(first) && (own === undefined || own === 'deploy' || rest.length === 0)) {
    return words.length === 0 && own !== undefined ? ofVerb(own, []) : { help: rest[0] }
  }
  const said = own === undefined || own === 'deploy' ? verbOf(first) : undefined
  if (said !== undefined) return ofVerb(said, rest)
  if (own !== undefined) return ofVerb(own, words)
  return { wrong: `${first} is not something to be done: ${command} help says what is.` }
}

function verbOf(word: string): Verb | undefined {
  const wanted = word.toLowerCase()
  return Object.hasOwn(verbs, wanted) ? (wanted as Verb) : undefined
}

function isHelp(word: string): boolean {
  return /^(help|-h|--help|\?)$/i.test(word)
}

/** Slack writes & < > as entities, and phones make one long dash of two short ones. */
function wordsOf(text: string): string[] {
  const plain = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  const words = plain.split(/\s+/).filter((word) => word !== '')
  return words.map((word) => word.replace(/^[—–](?=[a-z])/i, '--'))
}

function ofVerb(verb: Verb, words: string[]): Spoken {
  const name = verbs[verb]
  switch (name) {
    case 'deploy':
      return readDeploy(words)
    case 'lock':
      return readLock(words)
    case 'environments': {
      const { app, rest } = takePlace(words)
      return rest.length > 0 ? tooMuch(rest) : { wish: { name, ...app } }
    }
    case 'unlock':
    case 'status':
    case 'deployments':
    case 'why': {
      const { app, environment, rest } = takePlace(words)
      return rest.length > 0 ? tooMuch(rest) : { wish: { name, ...app, ...environment } }
    }
    case 'promote':
      return readPromote(words)
    default:
      return readOnDeployment(name, words)
  }
}

function readDeploy(words: string[]): Spoken {
  const at = words.findIndex((word) => /^(--force|force|because)$/i.test(word))
  const { app, environment, rest } = takePlace(at < 0 ? words : words.slice(0, at))
  if (rest.length > 0) return tooMuch(rest)
  const force = /force/i.test(words[at] ?? '')
  const { reason } = takeReason(at < 0 ? [] : words.slice(at + 1))
  if (force && reason === undefined) {
    return { wrong: 'To force a deployment needs a reason: --force because ...' }
  }
  return {
    wish: { name: 'deploy', ...app, ...environment, force, ...(reason === undefined ? {} : { reason }) },
  }
}

function readLock(words: string[]): Spoken {
  const { app, environment, rest } = takePlace(words)
  const ms = /^for$/i.test(rest.at(-2) ?? '') ? readDuration(rest.at(-1) ?? '') : undefined
  const { reason } = takeReason(ms === undefined ? rest : rest.slice(0, -2))
  if (reason === undefined) {
    return { wrong: 'Name what to lock, and why: /lock shop production moving the database for 2h' }
  }
  return {
    wish: { name: 'lock', ...app, ...environment, reason, ...(ms === undefined ? {} : { expiresInMs: ms }) },
  }
}

function readPromote(words: string[]): Spoken {
  const at = words.findIndex((word) => /^to$/i.test(word))
  const { which, rest } = takeWhich(at < 0 ? words : words.slice(0, at))
  const to = at < 0 ? undefined : words[at + 1]
  const more = at < 0 ? rest : [...rest, ...words.slice(at + 2)]
  if (more.length > 0) return tooMuch(more)
  return { wish: { name: 'promote', ...which, ...(to === undefined ? {} : { to }) } }
}

function readOnDeployment(name: OnDeployment, words: string[]): Spoken {
  const { which, rest } = takeWhich(words)
  return { wish: { name, ...which, ...takeReason(rest) } }
}

const number = /^#?(\d{1,15})$/

/** `123`, `shop 123`, `shop production`, `shop`; what comes after it is left. */
function takeWhich(words: string[]): { which: Which; rest: string[] } {
  const [first = '', second = '', ...rest] = words
  const alone = number.exec(first)?.[1]
  if (alone !== undefined) return { which: { deployment: Number(alone) }, rest: words.slice(1) }
  const after = number.exec(second)?.[1]
  if (after !== undefined) return { which: { app: first, deployment: Number(after) }, rest }
  const place = takePlace(words)
  return { which: { ...place.app, ...place.environment }, rest: place.rest }
}

/** What leads to an environment; none of it is needed. */
const isPreposition = (word: string | undefined) => /^(to|in|on|of|from)$/i.test(word ?? '')

/** `shop production`, `shop to production`, `to production`, `shop *` (all of it); what comes after it is left. */
function takePlace(words: string[]) {
  const [first] = words
  const hasApp = first !== undefined && !isPreposition(first) && !/^because$/i.test(first)
  const left = hasApp ? words.slice(1) : words
  const from = isPreposition(left[0]) ? 1 : 0
  const name = /^because$/i.test(left[from] ?? '') ? undefined : left[from]
  return {
    app: hasApp ? { app: first } : {},
    environment: name === undefined || name === '*' ? {} : { environment: name },
    rest: left.slice(name === undefined ? from : from + 1),
  }
}

function takeReason(words: string[]): { reason?: string } {
  const reason = (/^because$/i.test(words[0] ?? '') ? words.slice(1) : words).join(' ')
  return reason === '' ? {} : { reason }
}

function tooMuch(words: string[]): Spoken {
  return { wrong: `I do not understand "${words.join(' ')}". A reason begins with "because".` }
}
