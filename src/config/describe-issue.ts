import type { z } from 'zod'
import type { Path } from './problem.ts'
import { closest } from './spelling.ts'

/** A fault in the tree of values, to be found in the text. */
export interface Fault {
  path: Path
  /** Whether the key is wrong, or its value. */
  at: 'key' | 'value'
  message: string
}

type Issue = z.core.$ZodIssue

/** Below these, texts may be secrets even where they stand in the file in clear: they are not quoted. */
const quiet = ['env', 'headers', 'with', 'body', 'url']
/** And within `notify`, below these. */
const channels = ['slack', 'discord', 'teams', 'webhook', 'email', 'hubot']

/** What the grammar complains of, in words. `written` is the tree as it was written, before anything was put in. */
export function describeIssue(issue: Issue, written: unknown): Fault[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ')
    return issue.keys.map((key) => ({ path: [...path, key], at: 'key', message: unknownWords(key, known) }))
  }
  const within = issue.code === 'invalid_union' ? meantAlternative(issue.errors, valueAt(written, path)) : []
  if (within.length > 0) {
    return within.flatMap((each) => describeIssue({ ...each, path: [...issue.path, ...each.path] }, written))
  }
  return [{ path, at: 'value', message: valueWords(path, issue.message, written) }]
}

/** Where one of several may stand and a mapping does, what is wrong within it says more than that it is wrong. */
function meantAlternative(alternatives: Issue[][], value: unknown): Issue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const isMeant = (issues: Issue[]) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys')
  return alternatives.find(isMeant) ?? []
}

function unknownWords(key: string, known: readonly string[]): string {
  const meant = closest(key, known)
  return meant === undefined
    ? `unknown; what can be set here: ${known.join(', ')}`
    : `unknown; did you mean ${meant}?`
}

function valueWords(path: Path, expected: string, written: unknown): string {
  const value = valueAt(written, path)
  if (value === undefined) return `is missing; it must be ${expected}`
  if (value === null) return `is empty; it must be ${expected}`
  return `must be ${expected}, not ${isQuiet(path) ? 'this' : found(value)}`
}

function isQuiet(path: Path): boolean {
  const silent = path.includes('notify') ? [...quiet, ...channels] : quiet
  return path.some((step) => silent.includes(String(step)))
}

function found(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a mapping' : quote(value)
}

/** A value as it was written, cut where it is long. */
export function quote(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value)
  return json.length <= 60 ? json : `${json.slice(0, 57)}..."`
}

/** What lies at a place of a tree; undefined if there is nothing. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((holder, step) => {
    const isHolder = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, step)
    return isHolder ? (holder as Record<string | number, unknown>)[step] : undefined
  }, tree)
}
