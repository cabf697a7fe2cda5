import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Audit, AuditEntry, AuditFilter } from '../../audit/audit.ts'
import type { ApiApp } from '../../openapi/schemas.ts'
import { isoTime } from '../present-deployment.ts'
import { limit, nextPage, repositoryName, streamId, text } from '../query.ts'
import { auditEntry, type PresentedEntry } from '../schema/audit.ts'
import { pageOf } from '../schema/terms.ts'
import type { OperationRouteOptions } from './options.ts'

/** The query of `GET /api/audit`. */
export const auditQuery = z.strictObject({
  repository: repositoryName.optional(),
  actor: text.optional(),
  action: text.optional(),
  limit,
  before: streamId.optional(),
})

const ndjson = 'application/x-ndjson'

const schema = {
  operationId: 'listAudit',
  tags: ['audit'],
  summary: 'Who did what, newest first',
  description: `\`Accept: ${ndjson}\` gives all of it, from \`before\` on, an entry a line.`,
  querystring: auditQuery,
  documented: {
    response: {
      200: {
        description: 'A page; or all of it, an entry a line.',
        content: {
          'application/json': { schema: pageOf('entries', auditEntry) },
          [ndjson]: { schema: auditEntry },
        },
      },
    },
  },
}

const exportedAtOnce = 500

/** `GET /api/audit`: who did what, newest first; `Accept: application/x-ndjson` gives all of it, a line an entry. */
export async function auditRoute(app: ApiApp, { parts, publicUrl }: OperationRouteOptions) {
  const { audit } = parts
  app.get('/audit', { config: { role: 'admin' }, schema }, async (request, reply) => {
    const { limit, before, ...filter } = request.query
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

/** An entry of the audit trail as the API gives it. Pure. */
function presentEntry({ at, ...entry }: AuditEntry): PresentedEntry {
  const { repository = null, environment = null, deployment = null, reason = null } = entry
  return { ...entry, repository, environment, deployment, reason, at: isoTime(at) }
}
