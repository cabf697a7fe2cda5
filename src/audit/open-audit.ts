import type { Redis } from '../redis/redis.ts'
import type { Audit, AuditEntry, AuditFilter } from './audit.ts'

/** The trail keeps about this many entries; older ones go first. */
const keptEntries = 50_000
const scanned = 500

/** Opens the audit trail in Redis. */
export function openAudit(redis: Redis, prefix: string): Audit {
  const trail = `${prefix}:audit`
  return {
    async note(entry) {
      await redis.xadd(trail, 'MAXLEN', '~', keptEntries, '*', 'entry', JSON.stringify(entry))
    },

    async list(filter, limit, before) {
      const entries: AuditEntry[] = []
      for (let end = before === undefined ? '+' : `(${before}`; ; ) {
        const found = await redis.xrevrange(trail, end, '-', 'COUNT', scanned)
        for (const entry of found.map(toEntry)) {
          if (!matches(entry, filter)) continue
          if (entries.length === limit) return { entries, next: entries.at(-1)?.id }
          entries.push(entry)
        }
        const last = found.at(-1)
        if (last === undefined || found.length < scanned) return { entries, next: undefined }
        end = `(${last[0]}`
      }
    },
  }
}

function toEntry([id, [, json = '{}']]: [id: string, fields: string[]]): AuditEntry {
  return { id, at: Number(id.split('-')[0]), ...JSON.parse(json) }
}

/** Names of people and repositories are the same in capitals or not. */
function matches(entry: AuditEntry, { repository, actor, action }: AuditFilter): boolean {
  const isSame = (wanted: string | undefined, given: string | undefined) =>
    wanted === undefined || wanted.toLowerCase() === given?.toLowerCase()
  return (
    isSame(repository, entry.repository) && isSame(actor, entry.actor.name) && isSame(action, entry.action)
  )
}
