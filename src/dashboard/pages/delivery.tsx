import type { FastifyInstance } from 'fastify'
import type { TracedArrival } from '../../deliveries/trace-entry.ts'
import { Refusal } from '../../errors/refusal.ts'
import { ButtonLink } from '../components/form.tsx'
import { Facts, PageHead, Section } from '../components/page.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { deliveryPath, Outcome } from '../deliveries/parts.tsx'
import { useMay } from '../shell.ts'
import { Consequence } from './deliveries.tsx'

/** One GUID is not sent more often than this. */
const arrivalsOfOne = 200

/** `GET /deliveries/{guid}`: one delivery, as often as it came. */
export async function deliveryPage(app: FastifyInstance, { renderPage, sources }: DashboardOptions) {
  app.get<{ Params: { guid: string } }>(
    '/deliveries/:guid',
    { config: { role: 'viewer' } },
    async (request, reply) => {
      const { guid } = request.params
      const { arrivals } = await sources.trace.list({ guid }, arrivalsOfOne)
      const [newest] = arrivals
      if (newest === undefined) {
        const why = 'it never arrived, was not signed with our secret, or is too long ago'
        throw new Refusal(404, `No delivery ${guid} is in the trace: ${why}.`)
      }
      return renderPage(request, reply, {
        title: `Delivery ${guid}`,
        under: '/deliveries',
        repository: newest.repository?.fullName,
        live: { repositoryId: newest.repository?.id, deliveries: true },
        body: <Delivery newest={newest} arrivals={arrivals} />,
      })
    },
  )
}

const columns: Column<TracedArrival>[] = [
  { heading: 'Received', isHeading: true, cell: ({ at }) => <Time at={at} /> },
  { heading: 'Outcome', cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  { heading: 'What it led to', cell: (arrival) => <Consequence {...arrival} /> },
]

function Delivery({ newest, arrivals }: { newest: TracedArrival; arrivals: TracedArrival[] }) {
  const { guid, event, action, repository, sender } = newest
  return (
    <>
      <PageHead
        above={<a href="/deliveries">Deliveries</a>}
        title={action === undefined ? event : `${event} ${action}`}
        actions={
          useMay('deployer') ? <ButtonLink href={`${deliveryPath(guid)}/replay`}>Replay</ButtonLink> : null
        }
      >
        <span class="mono">{guid}</span>
      </PageHead>
      <Facts
        facts={[
          [
            'Repository',
            repository ? <a href={`/repositories/${repository.fullName}`}>{repository.fullName}</a> : null,
          ],
          ['From', sender],
          ['Came', arrivals.length === 1 ? 'once' : `${arrivals.length} times`],
        ]}
      />
      <Section id="arrivals" title="What became of it">
        <Table
          caption="How often it came"
          columns={columns}
          rows={arrivals}
          id={({ id }) => `arrival-${id}`}
        />
      </Section>
    </>
  )
}
