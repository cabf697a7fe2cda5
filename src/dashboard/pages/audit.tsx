import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { auditQuery, linesOf } from '../../api/operations/audit.ts'
import type { AuditEntry, AuditFilter } from '../../audit/audit.ts'
import { Button, ButtonLink, Field, Search } from '../components/form.tsx'
import { deploymentPath, whyPath } from '../components/links.tsx'
import { Empty, PageHead, Pagination } from '../components/page.tsx'
import { Badge } from '../components/state.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { readQuery } from '../read-query.ts'

/** `GET /audit`: who did what, when, why and through what. */
export async function auditPage(app: FastifyInstance, { renderPage, audit }: DashboardOptions) {
  app.get('/audit', { config: { role: 'admin' } }, async (request, reply) => {
    const { limit, before, ...filter } = readQuery(auditQuery, request.query)
    const { entries, next } = await audit.list(filter, limit, before)
    return renderPage(request, reply, {
      title: 'Audit',
      under: '/audit',
      body: (
        <>
          <PageHead
            title="Audit"
            actions={<ButtonLink href={exportPath(filter)}>Export as JSON lines</ButtonLink>}
          >
            What people did, and what they were refused, newest first.
          </PageHead>
          <Filter filter={filter} />
          {entries.length === 0 ? (
            <Empty title="Nobody has done anything of the kind." />
          ) : (
            <Table caption="Audit trail" columns={columns} rows={entries} id={({ id }) => `entry-${id}`} />
          )}
          <Pagination address={request.url} next={next} isFirst={before === undefined} />
        </>
      ),
    })
  })

  // The same as the API's export; a browser cannot ask for it by a header.
  app.get('/audit/export', { config: { role: 'admin' } }, async (request, reply) => {
    const { limit: _limit, before: _before, ...filter } = readQuery(auditQuery, request.query)
    return reply
      .type('application/x-ndjson')
      .header('Content-Disposition', 'attachment; filename="livraison-audit.ndjson"')
      .send(Readable.from(linesOf(audit, filter)))
  })
}

function Filter({ filter }: { filter: AuditFilter }) {
  return (
    <Search action="/audit" label="Filter the audit trail">
      <Field name="repository" label="Repository" value={filter.repository} placeholder="acme/shop" />
      <Field name="actor" label="Who" value={filter.actor} placeholder="octocat" />
      <Field name="action" label="What" value={filter.action} placeholder="deploy" />
      <Button>Show</Button>
    </Search>
  )
}

function exportPath(filter: AuditFilter): string {
  const set = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return set.length === 0 ? '/audit/export' : `/audit/export?${new URLSearchParams(set)}`
}

const columns: Column<AuditEntry>[] = [
  { heading: 'When', cell: ({ at }) => <Time at={at} /> },
  { heading: 'Who', isHeading: true, cell: ({ actor }) => <Who {...actor} /> },
  { heading: 'What', cell: ({ action }) => action },
  { heading: 'Where', cell: (entry) => <Where {...entry} /> },
  { heading: 'Reason', cell: ({ reason }) => reason },
  {
    heading: 'Outcome',
    cell: ({ outcome, text }) => (
      <>
        <Badge tone={outcome === 'done' ? 'good' : 'bad'}>{outcome}</Badge> {text}
      </>
    ),
  },
]

function Who({ name, face }: AuditEntry['actor']) {
  return (
    <>
      {name} <span class="quiet">by {face === 'cli' ? 'command line' : face}</span>
    </>
  )
}

function Where({ repository, environment, deployment }: AuditEntry) {
  if (repository === undefined) return null
  if (deployment !== undefined) {
    return (
      <a href={deploymentPath(repository, deployment)}>
        {`#${deployment} of ${repository}${environment === undefined ? '' : ` (${environment})`}`}
      </a>
    )
  }
  if (environment === undefined) return <a href={`/repositories/${repository}`}>{repository}</a>
  return <a href={whyPath(repository, environment)}>{`${environment} of ${repository}`}</a>
}
