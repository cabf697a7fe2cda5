/** A row of the table of keys in docs/redis.md. */
export interface DocumentedKey {
  pattern: string
  /** As Redis's TYPE says it. */
  type: string
  /** Whether Redis ends it by itself, whatever comes. */
  expires: boolean
  matches(key: string): boolean
}

/** What stands for anything, colons included; what stands for something else has none. */
const anything = ['environment', 'caller', 'address', 'question']
const types: Record<string, string> = { 'sorted set': 'zset' }

/** The keys that docs/redis.md knows, without their prefix. Pure. */
export function documentedKeys(markdown: string): DocumentedKey[] {
  const rows = markdown.matchAll(/^\| `([^`|]+)` \| ([a-z ]+) \| [^|]+ \| [^|]+ \| ([^|]+) \|$/gm)
  return [...rows].map(([, pattern = '', type = '', bound = '']) => {
    const expression = new RegExp(`^${expressionOf(pattern)}$`)
    return {
      pattern,
      type: types[type] ?? type,
      expires: /\bexpires\b/.test(bound),
      matches: (key) => expression.test(key),
    }
  })
}

/** The row that a key belongs to: the most exact that matches it. Pure. */
export function rowOf(rows: readonly DocumentedKey[], key: string): DocumentedKey | undefined {
  const open = ({ pattern }: DocumentedKey) => pattern.split('<').length
  return rows.filter(({ matches }) => matches(key)).sort((one, other) => open(one) - open(other))[0]
}

function expressionOf(pattern: string): string {
  return pattern
    .split(/(<[a-z]+>)/)
    .map((part) => {
      const name = /^<([a-z]+)>$/.exec(part)?.[1]
      if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      if (name === 'queue') return '(?:deployments|events|checks|notices-[^:@]+)(?:@[^:]+)?'
      return anything.includes(name) ? '.+' : '[^:]+'
    })
    .join('')
}
