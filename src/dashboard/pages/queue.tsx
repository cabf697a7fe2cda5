import type { FastifyInstance } from 'fastify'
import { labelWords } from '../../jobs/labels.ts'
import { readQueueName } from '../../jobs/pools.ts'
import type { ChannelState } from '../../notices/channel-book.ts'
import { spanText } from '../../span-text.ts'
import { ButtonLink } from '../components/form.tsx'
import { Empty, PageHead, Section } from '../components/page.tsx'
import { Badge } from '../components/state.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Elapsed, Time } from '../components/time.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { Channels } from '../queue/channels.tsx'
import { gatherQueues, jobStates, type QueuedJob, type QueueView } from '../queue/gather.ts'
import { rawQueueRoutes } from '../queue/raw.ts'
import { useMay } from '../shell.ts'

/** `GET /queue`: what there is to do, who does it, and what went wrong; the raw view is below it. */
export async function queuePage(app: FastifyInstance, { renderPage, sources }: DashboardOptions) {
  app.get('/queue', { config: { role: 'viewer' } }, async (request, reply) =>
    renderPage(request, reply, {
      title: 'Queue',
      under: '/queue',
      live: {},
      body: <Queues {...(await gatherQueues(sources))} channels={await sources.channels.all()} />,
    }),
  )
  await rawQueueRoutes(app, sources)
}

const whatFor: Record<QueueView['kind'], string> = {
  deployments: 'Deployments to be run',
  events: 'Short work: deployments to be created, news to be told, pull requests to be merged',
  checks: 'Checks to be run on pull requests',
}

function wordsOf({ name, kind }: QueueView): string {
  const labels = name === kind ? undefined : readQueueName(name)?.labels
  return labels === undefined ? whatFor[kind] : `${whatFor[kind]}, by workers that have ${labelWords(labels)}`
}

const queueColumns = (nowMs: number): Column<QueueView>[] => [
  { heading: 'Queue', isHeading: true, cell: (queue) => <span title={wordsOf(queue)}>{queue.name}</span> },
  ...jobStates.map(
    (state): Column<QueueView> => ({
      heading: state === 'completed' ? 'done' : state,
      align: 'right',
      cell: ({ counts }) => counts[state].toLocaleString('en'),
    }),
  ),
  {
    heading: 'oldest waits',
    align: 'right',
    cell: ({ oldest }) => (oldest === undefined ? '–' : <Elapsed since={oldest} nowMs={nowMs} />),
  },
  { heading: 'workers', align: 'right', cell: ({ workers }) => workers.length },
]

interface QueuesProps {
  nowMs: number
  queues: QueueView[]
  channels: ChannelState[]
}

function Queues({ nowMs, queues, channels }: QueuesProps) {
  const isAnyoneThere = queues.some(({ workers }) => workers.length > 0)
  return (
    <>
      <PageHead
        title="Queue"
        actions={useMay('admin') ? <ButtonLink href="/queue/raw">Raw view</ButtonLink> : null}
      >
        {isAnyoneThere
          ? 'What there is to do, and who does it.'
          : 'No worker runs: nothing is done until one is started (npm run worker).'}
      </PageHead>
      <Table
        caption="Queues"
        columns={queueColumns(nowMs)}
        rows={queues}
        id={({ name }) => `queue-${name}`}
      />
      {queues.map((queue) => (
        <QueueJobs queue={queue} nowMs={nowMs} />
      ))}
      <Channels channels={channels} nowMs={nowMs} />
      <Workers queues={queues} />
    </>
  )
}

const about: Column<QueuedJob>[] = [
  { heading: 'Job', isHeading: true, cell: ({ name }) => name },
  {
    heading: 'About',
    cell: ({ subject, href }) => (href === undefined ? subject : <a href={href}>{subject}</a>),
  },
]

const attempts: Column<QueuedJob> = { heading: 'Tries', align: 'right', cell: ({ attempts }) => attempts }
const reason: Column<QueuedJob> = { heading: 'Reason', cell: ({ reason }) => reason ?? '' }

const columnsOf = (nowMs: number): Record<'active' | 'delayed' | 'failed', Column<QueuedJob>[]> => ({
  active: [
    ...about,
    { heading: 'Since', cell: ({ at }) => (at === undefined ? '' : <Elapsed since={at} nowMs={nowMs} />) },
  ],
  delayed: [
    ...about,
    { heading: 'Looks again', cell: ({ at }) => (at === undefined ? '' : inWords(at, nowMs)) },
    attempts,
    { ...reason, heading: 'Last reason' },
  ],
  failed: [...about, { heading: 'Given up', cell: ({ at }) => <Time at={at} /> }, attempts, reason],
})

const titles = { active: 'Being done', delayed: 'Asleep until later', failed: 'Given up' } as const

function QueueJobs({ queue, nowMs }: { queue: QueueView; nowMs: number }) {
  const columns = columnsOf(nowMs)
  const kinds = (['active', 'delayed', 'failed'] as const).filter((kind) => queue[kind].length > 0)
  if (kinds.length === 0) return null
  return (
    <Section id={queue.name} title={wordsOf(queue)}>
      {kinds.map((kind) => (
        <>
          <h3>
            {titles[kind]} <Badge tone={kind === 'failed' ? 'bad' : 'quiet'}>{`${queue.counts[kind]}`}</Badge>
          </h3>
          <Table caption={`${titles[kind]} in ${queue.name}`} columns={columns[kind]} rows={queue[kind]} />
          {queue.counts[kind] > queue[kind].length ? (
            <p class="quiet">{`… and ${queue.counts[kind] - queue[kind].length} more.`}</p>
          ) : null}
        </>
      ))}
    </Section>
  )
}

interface WorkerRow {
  queue: string
  address: string
  age: number
  idle: number
}

const workerColumns: Column<WorkerRow>[] = [
  { heading: 'Address', isHeading: true, cell: ({ address }) => <span class="mono">{address}</span> },
  { heading: 'Takes from', cell: ({ queue }) => queue },
  { heading: 'Connected for', align: 'right', cell: ({ age }) => spanText(age * 1000) },
  { heading: 'Last heard of', align: 'right', cell: ({ idle }) => `${spanText(idle * 1000)} ago` },
]

function Workers({ queues }: { queues: QueueView[] }) {
  const rows = queues.flatMap(({ name, workers }) => workers.map((worker) => ({ queue: name, ...worker })))
  return (
    <Section id="workers" title="Workers">
      {rows.length === 0 ? (
        <Empty title="No worker is connected.">
          Start one with <code>npm run worker</code>, with the same REDIS_URL as here.
        </Empty>
      ) : (
        <Table caption="Connections of workers" columns={workerColumns} rows={rows} />
      )}
    </Section>
  )
}

function inWords(at: number, nowMs: number): string {
  return at <= nowMs ? 'now' : `in ${spanText(at - nowMs)}`
}
