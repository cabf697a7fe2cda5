import { readDuration } from '../config/duration.ts'
import { type CommentWord, commentWords, usages } from './comment-words.ts'

/* The grammar of commands in comments on pull requests. All of it is pure. */

/** What a comment asks for. An environment is as it was written: whether there is one of that name is for others to say. */
export type CommentCommand =
  | {
      word: 'deploy'
      environment?: string
      /** At least seven digits of the commit that is meant. */
      sha?: string
      force: boolean
      reason?: string
    }
  | { word: 'merge'; sha?: string }
  | { word: 'lock'; environment?: string; expiresInMs?: number; reason?: string }
  | { word: 'unlock'; environment?: string }
  | { word: 'status'; environment?: string }
  | { word: 'why'; environment?: string }
  | { word: 'rollback'; environment?: string; reason?: string }
  | (Verdict & { word: 'approve' })
  | (Verdict & { word: 'reject' })
  | { word: 'help' }

interface Verdict {
  environment?: string
  deployment?: number
  reason?: string
}

/** Something that begins with one of our words, and goes on in a way that we do not know. */
export interface Unclear {
  word: CommentWord
  /** What is wrong, and how it is written. */
  problem: string
}

/** The longest line that is looked at. */
const longestLine = 1000
const longestReason = 500

/** The line of a comment that may hold a command: its first. What is indented as far as a code block is none. */
export function commandLine(body: string): string | undefined {
  const [line = ''] = body.split(/\r\n|\r|\n/, 1)
  return wordOf(line) === undefined ? undefined : line.trim().slice(0, longestLine)
}

/** The command that a line begins with; undefined: it is none of ours. */
export function wordOf(line: string): CommentWord | undefined {
  const [, word = ''] = /^ {0,3}\/([a-z]+)(?=\s|$)/i.exec(line) ?? []
  return commentWords.find((each) => each === word.toLowerCase())
}

/**
 * Reads a line that {@link commandLine} gave. `environments` are the names that there are: after `/lock`, what is none of them
 * is the reason.
 */
export function readCommand(line: string, environments: readonly string[]): CommentCommand | Unclear {
  const word = wordOf(line)
  if (word === undefined) throw new Error('The line holds no command.')
  const rest = line.trimStart().slice(word.length + 1)
  const known = (name: string) => environments.some((each) => each.toLowerCase() === name.toLowerCase())
  switch (word) {
    case 'deploy':
      return readDeploy(rest, known)
    case 'lock':
      return readLock(rest, known)
    case 'merge':
      return readMerge(rest)
    case 'approve':
      return readVerdict('approve', rest)
    case 'reject':
      return readVerdict('reject', rest)
    case 'rollback': {
      const { words, reason } = split(rest)
      return place(word, words, reason === undefined ? {} : { reason })
    }
    case 'unlock':
      return place('unlock', split(rest, false).words, {})
    case 'status':
      return place('status', split(rest, false).words, {})
    case 'why':
      return place('why', split(rest, false).words, {})
    case 'help':
      return { word }
  }
}

function readDeploy(rest: string, known: (name: string) => boolean): CommentCommand | Unclear {
  const { words, reason } = split(rest)
  const options = words.filter(isOption).map((each) => each.replace(/^[\u2013\u2014]/, '--'))
  const wrong = options.find((each) => each !== '--force')
  if (wrong !== undefined) return unclear('deploy', `${wrong} is not an option`)
  const [first, second, third] = words.filter((each) => !isOption(each))
  const isCommit = first !== undefined && !known(first) && isSha(first) && second === undefined
  const [environment, sha] = isCommit ? [undefined, first] : [first, second]
  if (sha !== undefined && !isSha(sha)) return unclear('deploy', `${sha} is not the sha of a commit`)
  if (third !== undefined) return unclear('deploy', `${third} is too much`)
  return {
    word: 'deploy',
    ...(environment === undefined ? {} : { environment }),
    ...(sha === undefined ? {} : { sha: sha.toLowerCase() }),
    force: options.length > 0,
    ...(reason === undefined ? {} : { reason }),
  }
}

function readMerge(rest: string): CommentCommand | Unclear {
  const [sha, more] = split(rest, false).words
  if (sha === undefined) return { word: 'merge' }
  if (!isSha(sha)) return unclear('merge', `${sha} is not the sha of a commit`)
  return more === undefined
    ? { word: 'merge', sha: sha.toLowerCase() }
    : unclear('merge', `${more} is too much`)
}

/** Whatever is left after the environment and the time is the reason, `because` or not. */
function readLock(rest: string, known: (name: string) => boolean): CommentCommand | Unclear {
  let left = rest.trim()
  const [first] = tokens(left)
  const environment = first !== undefined && known(first.text) ? first.text : undefined
  if (first !== undefined && environment !== undefined) left = left.slice(first.end).trim()
  const [, time, after = ''] = /^for\s+(\d\S*)(?:\s+(.*))?$/i.exec(left) ?? []
  if (time !== undefined) left = after
  const expiresInMs = time === undefined ? undefined : readDuration(time.toLowerCase())
  if (time !== undefined && (expiresInMs === undefined || expiresInMs <= 0)) {
    return unclear('lock', `${time} is not a duration, such as 30m, 2h or 1d`)
  }
  const reason = toReason(left.replace(/^because\s+/i, ''))
  return {
    word: 'lock',
    ...(environment === undefined ? {} : { environment }),
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
    ...(reason === undefined ? {} : { reason }),
  }
}

function readVerdict<W extends 'approve' | 'reject'>(
  word: W,
  rest: string,
): (Verdict & { word: W }) | Unclear {
  const { words, reason } = split(rest)
  const why = reason === undefined ? {} : { reason }
  const number = /^#(\d{1,15})$/.exec(words[0] ?? '')?.[1]
  if (number === undefined) return place(word, words, why)
  return words[1] === undefined
    ? { word, deployment: Number(number), ...why }
    : unclear(word, `${words[1]} is too much`)
}

function place<W extends 'unlock' | 'status' | 'why' | 'rollback' | 'approve' | 'reject', M extends object>(
  word: W,
  [environment, more]: readonly string[],
  rest: M,
): ({ word: W; environment?: string } & M) | Unclear {
  if (more !== undefined) return unclear(word, `${more} is too much`)
  return { word, ...(environment === undefined ? {} : { environment }), ...rest }
}

interface Token {
  text: string
  /** Where in the line it ends. */
  end: number
}

/** Words; a name with spaces is written in quotes. */
function tokens(line: string): Token[] {
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map((match) => ({
    text: match[1] ?? match[0],
    end: match.index + match[0].length,
  }))
}

/** The words before `because`, and what comes after it. */
function split(rest: string, hasReason = true): { words: string[]; reason?: string } {
  const all = tokens(rest)
  const at = hasReason ? all.findIndex(({ text }) => text.toLowerCase() === 'because') : -1
  const because = all[at]
  if (because === undefined) return { words: all.map(({ text }) => text) }
  const reason = toReason(rest.slice(because.end))
  const words = all.slice(0, at).map(({ text }) => text)
  return { words, ...(reason === undefined ? {} : { reason }) }
}

function toReason(text: string): string | undefined {
  const reason = text.trim().slice(0, longestReason)
  return reason === '' ? undefined : reason
}

/** Phones make one dash of two hyphens. */
function isOption(word: string): boolean {
  return /^(--|[\u2013\u2014])/.test(word)
}

function isSha(word: string): boolean {
  return /^[0-9a-f]{7,40}$/i.test(word)
}

function unclear(word: CommentWord, problem: string): Unclear {
  return { word, problem: `${problem}. It is written ${usages[word].usage}` }
}
