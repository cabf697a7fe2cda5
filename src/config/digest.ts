import { createHash } from 'node:crypto'

/**
 * A short digest of what the file says, its comments and layout aside: twelve hex digits. What came from the environment
 * counts by its own hash, so that another key is another digest and the key itself is nowhere.
 */
export function digestOf(written: unknown, substituted: unknown): string {
  return hash(JSON.stringify(withoutSecrets(written, substituted))).slice(0, 12)
}

/** A short digest of parts of the file as they are written, whatever the environment gives. */
export function digestOfWritten(...parts: unknown[]): string {
  return hash(JSON.stringify(parts)).slice(0, 12)
}

function withoutSecrets(written: unknown, substituted: unknown): unknown {
  if (typeof written === 'string') {
    return written === substituted ? written : [written, hash(String(substituted))]
  }
  if (Array.isArray(written)) {
    return written.map((item, index) => withoutSecrets(item, (substituted as unknown[])[index]))
  }
  if (typeof written !== 'object' || written === null) return written
  return Object.entries(written).map(([key, item]) => [
    key,
    withoutSecrets(item, (substituted as Record<string, unknown>)[key]),
  ])
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
