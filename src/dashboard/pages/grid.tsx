import type { FastifyInstance } from 'fastify'
import type { LaneView, Overview } from '../../overview/overview.ts'
import { Button, Choice, Field, Search } from '../components/form.tsx'
import { Empty, PageHead } from '../components/page.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { QuietRepository, RepositoryGroup } from '../grid/groups.tsx'
import type { Row } from '../grid/lane-row.tsx'
import { type Group, groupLanes, type Show, type Summary, shows, summaryOf } from '../grid/select.ts'

const showTexts: Record<Show, string> = {
  all: 'All',
  attention: 'Where something is the matter',
  active: 'Running or waiting',
  failing: 'Failing',
  locked: 'Locked or frozen',
  behind: 'Behind their branch',
}

interface GridQuery {
  q?: unknown
  show?: unknown
}

/** `GET /`: what is deployed where. */
export async function gridPage(
  app: FastifyInstance,
  { renderPage, sources: { overview } }: DashboardOptions,
) {
  app.get<{ Querystring: GridQuery }>('/', { config: { role: 'viewer' } }, async (request, reply) => {
    const words = typeof request.query.q === 'string' ? request.query.q : ''
    const show = shows.find((each) => each === request.query.show) ?? 'all'
    const lanes = await overview.lanes()
    const groups = groupLanes(lanes, words, show)
    const rows = await withUsual(
      overview,
      groups.flatMap((group) => group.lanes),
    )
    return renderPage(request, reply, {
      title: 'Deployments',
      under: '/',
      live: {},
      body: <Grid lanes={lanes} groups={groups} rows={rows} words={words} show={show} />,
    })
  })
}

/** How long a deployment usually takes is told only of what runs. */
export async function withUsual(overview: Overview, lanes: LaneView[]): Promise<Map<LaneView, Row>> {
  const rows = lanes.map(async (lane) => {
    const usualMs = lane.running && (await overview.usualMs(lane.repositoryId, lane.environment))
    return [lane, { ...lane, usualMs }] as const
  })
  return new Map(await Promise.all(rows))
}

interface GridProps {
  lanes: LaneView[]
  groups: Group[]
  rows: Map<LaneView, Row>
  words: string
  show: Show
}

function Grid({ lanes, groups, rows, words, show }: GridProps) {
  return (
    <>
      <PageHead title="Deployments">
        {lanes.length === 0 ? null : <Standing summary={summaryOf(lanes)} />}
      </PageHead>
      {lanes.length === 0 ? (
        <Empty title="Nothing is deployed yet">
          Merge a pull request in a repository whose webhook leads here. <a href="/deliveries">Deliveries</a>{' '}
          shows what has come in so far.
        </Empty>
      ) : (
        <Filter words={words} show={show} />
      )}
      {lanes.length > 0 && groups.length === 0 ? (
        <Empty title="No environment matches">
          <a href="/">Show all</a>
        </Empty>
      ) : null}
      {groups.map(({ repository, lanes, isOpen }) => {
        const Repository = isOpen ? RepositoryGroup : QuietRepository
        return <Repository repository={repository} rows={lanes.flatMap((lane) => rows.get(lane) ?? [])} />
      })}
    </>
  )
}

function Standing({ summary: { text, counts } }: { summary: Summary }) {
  return (
    <p class="summary">
      {text}
      {counts.length === 0 ? ', all quiet' : null}
      {counts.map(({ text, show }) => (
        <a href={`/?show=${show}`}>{text}</a>
      ))}
    </p>
  )
}

function Filter({ words, show }: { words: string; show: Show }) {
  return (
    <Search action="/" label="Narrow the list">
      <Field name="q" label="Repository or environment" type="search" value={words} />
      <Choice
        name="show"
        label="Show"
        value={show}
        options={shows.map((value) => ({ value, text: showTexts[value] }))}
      />
      <Button>Apply</Button>
    </Search>
  )
}
