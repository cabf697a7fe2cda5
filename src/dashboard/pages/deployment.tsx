import type { FastifyInstance } from 'fastify'
import { type DeploymentParams, findDeployment } from '../../api/find-deployment.ts'
import { logRoute } from '../../api/log/route.ts'
import { timelineOf } from '../../api/timeline.ts'
import { explain } from '../../api/why/explain.ts'
import { gatherFacts } from '../../api/why/gather.ts'
import { openHeld } from '../../deployments/held.ts'
import { type DeploymentRecord, isFinal } from '../../deployments/record.ts'
import { createAnsi } from '../ansi.ts'
import { deploymentPath, whyPath } from '../components/links.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { Actions, actionsFor } from '../deployment/actions.tsx'
import { ChangeList, type Changes } from '../deployment/changes.tsx'
import { Gates, type Standing } from '../deployment/gates.tsx'
import { DeploymentHead } from '../deployment/head.tsx'
import { Log } from '../deployment/log.tsx'
import { type LogView, readLogView } from '../deployment/log-view.ts'
import { type Step, Timeline } from '../deployment/timeline.tsx'

/** `GET /deployments/{owner}/{repo}/{id}` and its log, as text and, for the page, live. */
export async function deploymentPage(app: FastifyInstance, options: DashboardOptions) {
  const { renderPage, sources } = options
  app.get<{ Params: DeploymentParams; Querystring: { until?: string } }>(
    '/deployments/:owner/:repo/:id',
    { config: { role: 'viewer' } },
    async (request, reply) => {
      const { record, name } = await findDeployment(sources, request.params)
      const until = /^[1-9]\d{0,6}$/.test(request.query.until ?? '') ? Number(request.query.until) : undefined
      const story = await readStory(options, record, name, until)
      const { repository, environment } = record
      return renderPage(request, reply, {
        title: `${record.description || `Deployment ${record.id}`} to ${environment}`,
        under: '/',
        repository: name,
        live: { repositoryId: repository.id, environment },
        body: <Deployment repository={name} record={record} story={story} isEnd={until === undefined} />,
      })
    },
  )

  await logRoute(app, {
    of: '/deployments',
    redis: sources.redis,
    keys: sources.keys,
    logs: sources.logs,
    records: sources.records,
    presenter: createAnsi,
    find: async (params) => (await findDeployment(sources, params)).record.id,
  })
}

/** All that a deployment's page tells. */
interface Story {
  steps: Step[]
  /** What its last status says. */
  said: string | undefined
  standing: Standing[]
  /** The kinds of what holds it back. */
  holds: string[]
  /** The environment that comes after its own. */
  next: string | undefined
  usualMs: number | undefined
  changes: Changes
  log: LogView
}

async function readStory(
  { sources }: DashboardOptions,
  record: DeploymentRecord,
  name: string,
  until: number | undefined,
): Promise<Story> {
  const { overview, comparisons } = sources
  const { repository, environment, id, state } = record
  const hasFailed = state === 'failure' || state === 'error'
  const [statuses, standing, notes, usualMs, predecessor, log] = await Promise.all([
    sources.records.statuses(id),
    isFinal(state) ? [] : readStanding(sources, record, name),
    isFinal(state)
      ? []
      : openHeld(sources.redis, sources.keys, sources.queues).list(repository.id, environment),
    overview.usualMs(repository.id, environment),
    overview.predecessor(record),
    readLogView(sources.logs, id, until, hasFailed),
  ])
  const steps = timelineOf(record, statuses).map((entry, index) => ({
    ...entry,
    state: statuses[index - 1]?.state,
  }))
  const wish = predecessor && { repositoryId: repository.id, base: predecessor.sha, head: record.sha }
  const comparison = wish && (await comparisons.look(wish))
  return {
    steps,
    said: statuses.at(-1)?.description,
    standing,
    holds: notes
      .filter(({ deployment }) => deployment === id)
      .flatMap(({ holds }) => holds.map(({ hold }) => hold)),
    next: sources.rules.current.of(name)?.environments.find(({ after }) => after === environment)?.name,
    usualMs,
    changes: { predecessor, comparison },
    log,
  }
}

/** What `/api/why` says of it. */
async function readStanding(
  sources: DashboardOptions['sources'],
  { id, environment }: DeploymentRecord,
  name: string,
): Promise<Standing[]> {
  const { running, waiting, held, jobs, unsent } = explain(
    await gatherFacts(sources, name, environment),
    sources,
  )
  const ofLane = [...(running ? [running] : []), ...waiting, ...held, ...unsent]
  const told = ofLane
    .filter(({ deployment }) => deployment.id === id)
    .map((each) => ({
      text: each.text,
      reasons: 'reasons' in each ? each.reasons : [],
      since: 'since' in each ? each.since : null,
    }))
  if (told.length > 0) return told
  return jobs.filter(({ number }) => number === id).map(({ text }) => ({ text, reasons: [] }))
}

interface DeploymentProps {
  repository: string
  record: DeploymentRecord
  story: Story
  isEnd: boolean
}

function Deployment({ repository, record, story, isEnd }: DeploymentProps) {
  const { steps, said, standing, holds, next, usualMs, changes, log } = story
  const actions = actionsFor(record, holds, next)
  return (
    <>
      <DeploymentHead
        repository={repository}
        record={record}
        usualMs={usualMs}
        said={said}
        actions={<Actions repository={repository} id={record.id} actions={actions} />}
      />
      <div class="story">
        <div class="story-main">
          <Gates standing={standing} whyAddress={whyPath(repository, record.environment)} />
          <Log
            address={`${deploymentPath(repository, record.id)}/log`}
            view={log}
            isLive={!isFinal(record.state)}
            isEnd={isEnd}
          />
        </div>
        <div class="story-side">
          <Timeline steps={steps} />
          <ChangeList repository={repository} sha={record.sha} changes={changes} />
        </div>
      </div>
    </>
  )
}
