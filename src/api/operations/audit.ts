import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Audit, AuditEntry, AuditFilter } from '../../audit/audit.ts'
import { isoTime } from '../present-deployment.ts'
import { limit, nextPage, readQuery, repositoryName, streamId, text } from '../query.ts'
import type { OperationRouteOptions } from './options.ts'

const query = {
  repository: repositoryName.optional(),
  actor: text.optional(),
  action: text.optional(),
  limit,
  before: streamId.optional(),
}

const ndjson = 'application/x-ndjson'
const exportedAtOnce = 500

/** `GET /api/audit`: who did what, newest first; `Accept: application/x-ndjson` gives all of it, a line an entry. */
export async function auditRoute(app: FastifyInstance, { parts, publicUrl }: OperationRouteOptions) {
  const { audit } = parts
  app.get('/audit', { config: { role: 'admin' } }, async (request, reply) => {
    const { limit, before, ...filter } = readQuery(query, request.query)
    if (request.headers.accept?.includes(ndjson)) {
      return reply.type(ndjson).send(Readable.from(linesOf(audit, filter, before)))
    }
    const { entries, next } = await audit.list(filter, limit, before)
    return { entries: entries.map(presentEntry), next: nextPage(`${publicUrl}${request.url}`, next) }
  })
}

/** The whole trail that a filter leaves, newest first, a line an entry. */
export async function* linesOf(audit: Audit, filter: AuditFilter, before?: string) {
  for (let from = before; ; ) {
    const { entries, next } = await audit.list(filter, exportedAtOnce, from)
    for (const entry of entries) yield `${JSON.stringify(presentEntry(entry))}\n`
    if (next === undefined) return
    from = next
  }
}

/** An entry of the audit trail as the API gives it. */
export function presentEntry({ at, ...entry }: AuditEntry) {
  const { repository = null, environment = null, deployment = null, reason = null } = entry
  return { ...entry, repository, environment, deployment, reason, at: isoTime(at) }
}
