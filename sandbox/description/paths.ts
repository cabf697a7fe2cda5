import type { Json } from './schema.ts'

export interface PathItem {
  /** E.g. `/repos/{owner}/{repo}`. */
  pattern: string
  /** By method in lower case. */
  operations: Json
  regexp: RegExp
  names: string[]
}

export interface PathIndex {
  /** What a path (still encoded) names, for that method; null if nothing. */
  find(method: string, path: string): { item: PathItem; params: Record<string, string> } | null
  at(pattern: string): PathItem | undefined
}

/** Parameters that may hold slashes as they are. */
const DEEP = new Set(['ref', 'basehead', 'path', 'branch', 'base', 'head'])

export function indexPaths(paths: Record<string, Json>): PathIndex {
  const buckets = new Map<string, PathItem[]>()
  const patterns = Object.keys(paths).sort((a, b) => plainWords(b) - plainWords(a))
  for (const pattern of patterns) {
    const bucket = bucketOf(pattern)
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), itemOf(pattern, paths[pattern] ?? {})])
  }
  return {
    find(method, path) {
      for (const item of buckets.get(bucketOf(path)) ?? []) {
        const found = item.operations[method.toLowerCase()] ? item.regexp.exec(path) : null
        if (!found) continue
        const params = item.names.map((name, index) => [name, decode(found[index + 1] ?? '')])
        return { item, params: Object.fromEntries(params) }
      }
      return null
    },
    at: (pattern) => buckets.get(bucketOf(pattern))?.find((item) => item.pattern === pattern),
  }
}

function itemOf(pattern: string, operations: Json): PathItem {
  const names = [...pattern.matchAll(/\{([^}]+)\}/g)].map((found) => found[1] ?? '')
  const source = pattern
    .split(/(\{[^}]+\})/)
    .map(sourceOf)
    .join('')
  return { pattern, operations, names, regexp: new RegExp(`^${source}$`) }
}

function sourceOf(part: string): string {
  if (!part.startsWith('{')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return DEEP.has(part.slice(1, -1)) ? '(.+)' : '([^/]+)'
}

/** The more words a pattern says itself, the earlier it is tried. */
function plainWords(pattern: string): number {
  return pattern.split('/').filter((part) => !part.startsWith('{')).length
}

/** Paths of one bucket are tried one by one: the first word, and below a repository the fourth. */
function bucketOf(path: string): string {
  const [, first = '', , , fourth = ''] = path.split('/')
  return first === 'repos' ? `repos ${fourth}` : first
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
