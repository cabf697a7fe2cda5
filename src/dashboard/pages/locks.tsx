import type { FastifyInstance } from 'fastify'
import type { Freeze } from '../../locks/freezes.ts'
import type { Lock } from '../../locks/locks.ts'
import type { Scope } from '../../locks/scope.ts'
import { momentWords } from '../../windows/words.ts'
import { ButtonLink } from '../components/form.tsx'
import { repositoryPath, whyPath } from '../components/links.tsx'
import { Empty, PageHead, Section } from '../components/page.tsx'
import { Badge } from '../components/state.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { gatherLocks, type LocksView, type Timetable } from '../locks/gather.ts'
import { placeOf } from '../locks/words.ts'
import { actorOf } from '../operations/answering.ts'
import { placeQuery } from '../operations/paths.ts'
import { useMay } from '../shell.ts'

/** `GET /locks`: what keeps deployments from beginning, and until when. */
export async function locksPage(app: FastifyInstance, { renderPage, sources, access }: DashboardOptions) {
  app.get('/locks', { config: { role: 'viewer' } }, async (request, reply) =>
    renderPage(request, reply, {
      title: 'Locks',
      under: '/locks',
      live: {},
      body: <LocksAndFreezes view={await gatherLocks(sources, access, actorOf(request))} />,
    }),
  )
}

function LocksAndFreezes({ view }: { view: LocksView }) {
  const { locks, freezes, timetables, nowMs } = view
  return (
    <>
      <PageHead title="Locks" actions={<Actions />}>
        What keeps deployments from beginning. What is held back holds up nothing else, and begins as soon as
        it may.
      </PageHead>
      <Section id="locks" title="Locked">
        {locks.length === 0 ? (
          <Empty title="Nothing is locked." />
        ) : (
          <Table caption="Locks" columns={lockColumns} rows={locks} id={({ id }) => `lock-${id}`} />
        )}
      </Section>
      <Section id="freezes" title="Frozen">
        {freezes.length === 0 ? (
          <Empty title="Nobody has declared a freeze.">Those of livraison.yml are below.</Empty>
        ) : (
          <Table
            caption="Freezes"
            columns={freezeColumns(nowMs)}
            rows={freezes}
            id={({ id }) => `freeze-${id}`}
          />
        )}
      </Section>
      <Section id="windows" title="Windows and freezes of livraison.yml">
        {timetables.length === 0 ? (
          <Empty title="Every environment may be deployed to at any time.">
            <code>windows</code> and <code>freezes</code> in livraison.yml say otherwise.
          </Empty>
        ) : (
          <Table caption="Windows" columns={windowColumns(nowMs)} rows={timetables} />
        )}
      </Section>
    </>
  )
}

function Actions() {
  if (!useMay('deployer')) return null
  return (
    <>
      <ButtonLink href="/locks/lock">Lock …</ButtonLink>
      {useMay('approver') ? <ButtonLink href="/locks/freeze">Freeze …</ButtonLink> : null}
    </>
  )
}

/** What a lock or a freeze is on, with the page about that. */
function Where({ scope }: { scope: Scope }) {
  if (scope.kind === 'everything') return <strong>Everything</strong>
  const { repository } = scope
  if (scope.kind === 'repository') return <a href={repositoryPath(repository)}>{repository}</a>
  return (
    <>
      <a href={whyPath(repository, scope.environment)}>{scope.environment}</a>{' '}
      <span class="quiet">of {repository}</span>
    </>
  )
}

const lockColumns: Column<Lock & { mayEnd: boolean }>[] = [
  { heading: 'Where', isHeading: true, cell: ({ scope }) => <Where scope={scope} /> },
  { heading: 'By', cell: ({ owner }) => owner },
  { heading: 'Reason', cell: ({ reason }) => reason },
  { heading: 'Since', cell: ({ since }) => <Time at={since} /> },
  {
    heading: 'Ends',
    cell: ({ expiresAt }) =>
      expiresAt === undefined ? <span class="quiet">when it is unlocked</span> : <Time at={expiresAt} />,
  },
  {
    heading: 'Kind',
    cell: ({ kind, ownerMayDeploy }) => (
      <>
        <Badge tone={kind === 'hard' ? 'bad' : 'wait'} icon="lock">
          {kind}
        </Badge>
        {ownerMayDeploy ? <span class="quiet"> owner may deploy</span> : null}
      </>
    ),
  },
  {
    heading: '',
    align: 'right',
    cell: ({ id, scope, mayEnd }) =>
      mayEnd ? <a href={`/locks/unlock${placeQuery({ ...placeOf(scope), id })}`}>Unlock</a> : null,
  },
]

const freezeColumns = (nowMs: number): Column<Freeze & { mayEnd: boolean }>[] => [
  { heading: 'Where', isHeading: true, cell: ({ scope }) => <Where scope={scope} /> },
  { heading: 'By', cell: ({ by }) => by },
  { heading: 'Reason', cell: ({ reason }) => reason },
  {
    heading: 'From',
    cell: ({ from }) =>
      from <= nowMs ? (
        <Badge tone="wait" icon="freeze">
          now
        </Badge>
      ) : (
        <Time at={from} />
      ),
  },
  { heading: 'Until', cell: ({ until }) => <Time at={until} /> },
  {
    heading: '',
    align: 'right',
    cell: ({ id, mayEnd }) => (mayEnd ? <a href={`/locks/thaw?id=${id}`}>End it</a> : null),
  },
]

const windowColumns = (nowMs: number): Column<Timetable>[] => [
  {
    heading: 'Environment',
    isHeading: true,
    cell: ({ repository, environment }) => (
      <>
        <a href={whyPath(repository, environment)}>{environment}</a>{' '}
        <span class="quiet">of {repository}</span>
      </>
    ),
  },
  { heading: 'Windows', cell: ({ windows }) => (windows.length === 0 ? 'at any time' : windows.join('; ')) },
  { heading: 'Now', cell: (timetable) => <Now timetable={timetable} nowMs={nowMs} /> },
  {
    heading: 'Freezes',
    cell: ({ freezes }) =>
      freezes
        .map(
          ({ reason, from, until, zone }) =>
            `${momentWords(from, zone)} to ${momentWords(until, zone)}: ${reason}`,
        )
        .join('; '),
  },
]

function Now({ timetable: { state, freezes }, nowMs }: { timetable: Timetable; nowMs: number }) {
  if (freezes.some(({ from, until }) => from <= nowMs && nowMs < until)) {
    return (
      <Badge tone="wait" icon="freeze">
        frozen
      </Badge>
    )
  }
  if (!state.isOpen) {
    return (
      <>
        <Badge tone="wait">closed</Badge> opens <Time at={state.opensAt} />
      </>
    )
  }
  return (
    <>
      <Badge tone="good">open</Badge>
      {state.closesAt === undefined ? null : (
        <>
          {' '}
          closes <Time at={state.closesAt} />
        </>
      )}
    </>
  )
}
