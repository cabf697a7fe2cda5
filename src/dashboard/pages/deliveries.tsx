import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { limit, oneOf, repositoryName, streamId, text } from '../../api/query.ts'
import { outcomes } from '../../deliveries/arrival.ts'
import type { ArrivalPage } from '../../deliveries/trace.ts'
import type { TracedArrival } from '../../deliveries/trace-entry.ts'
import { Button, Choice, Field, Search } from '../components/form.tsx'
import { Empty, PageHead, Pagination } from '../components/page.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { DeliveryLink, JobLinks, Outcome } from '../deliveries/parts.tsx'
import { readQuery } from '../read-query.ts'

const query = z.strictObject({
  repository: repositoryName.optional(),
  event: text.optional(),
  outcome: oneOf(outcomes).optional(),
  limit,
  before: streamId.optional(),
})

interface Filter {
  repository?: string | undefined
  event?: string | undefined
  outcome?: string | undefined
}

/** `GET /deliveries`: what came in, and what became of it. */
export async function deliveriesPage(app: FastifyInstance, { renderPage, sources }: DashboardOptions) {
  const { trace, repositories } = sources
  app.get('/deliveries', { config: { role: 'viewer' } }, async (request, reply) => {
    const { repository, limit, before, ...filter } = readQuery(query, request.query)
    const known = repository === undefined ? undefined : await repositories.named(repository)
    const page: ArrivalPage =
      repository !== undefined && known === undefined
        ? { arrivals: [], next: undefined }
        : await trace.list({ ...filter, repositoryId: known?.id }, limit, before)
    return renderPage(request, reply, {
      title: 'Deliveries',
      under: '/deliveries',
      live: before === undefined ? { deliveries: true } : undefined,
      body: (
        <Deliveries
          {...page}
          filter={{ repository, ...filter }}
          address={request.url}
          isFirst={before === undefined}
        />
      ),
    })
  })
}

interface DeliveriesProps extends ArrivalPage {
  filter: Filter
  address: string
  isFirst: boolean
}

function Deliveries({ arrivals, next, filter, address, isFirst }: DeliveriesProps) {
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  return (
    <>
      <PageHead title="Deliveries">
        What GitHub has sent, newest first, and what became of it. A redelivery is an entry of its own.
      </PageHead>
      <Search action="/deliveries" label="Filter the deliveries">
        <Field name="repository" label="Repository" value={filter.repository} placeholder="acme/shop" />
        <Field name="event" label="Event" value={filter.event} placeholder="pull_request" />
        <Choice
          name="outcome"
          label="Outcome"
          value={filter.outcome}
          options={[{ value: '', text: 'Any' }, ...outcomes]}
        />
        <Button>Show</Button>
      </Search>
      {arrivals.length === 0 ? <None isFiltered={isFiltered} /> : <Arrivals arrivals={arrivals} />}
      <Pagination address={address} next={next} isFirst={isFirst} />
    </>
  )
}

function None({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty title="No delivery matches.">
      <a href="/deliveries">Show all</a>
    </Empty>
  ) : (
    <Empty title="Nothing has arrived yet.">
      Set up a webhook at GitHub with the address of this server followed by <code>/event_handler</code>, its
      secret, and the events of the README. GitHub sends a ping at once; it shows up here.
    </Empty>
  )
}

const columns: Column<TracedArrival>[] = [
  { heading: 'Received', cell: ({ at }) => <Time at={at} /> },
  {
    heading: 'Event',
    isHeading: true,
    cell: ({ event, action, guid }) => (
      <DeliveryLink guid={guid} text={action === undefined ? event : `${event} ${action}`} />
    ),
  },
  {
    heading: 'Repository',
    cell: ({ repository }) =>
      repository ? (
        <a href={`/deliveries?repository=${encodeURIComponent(repository.fullName)}`}>
          {repository.fullName}
        </a>
      ) : null,
  },
  { heading: 'From', cell: ({ sender }) => sender },
  { heading: 'Outcome', cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  { heading: 'What it led to', cell: (arrival) => <Consequence {...arrival} /> },
]

/** The reason, and the jobs. */
export function Consequence({ reason, jobs, repository }: TracedArrival) {
  return (
    <>
      {reason === undefined ? null : <span class="reason">{reason}</span>}
      <JobLinks jobs={jobs} repository={repository?.fullName} />
    </>
  )
}

function Arrivals({ arrivals }: { arrivals: TracedArrival[] }) {
  return <Table caption="Deliveries" columns={columns} rows={arrivals} id={({ id }) => `arrival-${id}`} />
}
