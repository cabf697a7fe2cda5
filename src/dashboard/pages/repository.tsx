import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { deploymentId, oneOf, text } from '../../api/query.ts'
import { listDeployments } from '../../deployments/list.ts'
import type { DeploymentRecord } from '../../deployments/record.ts'
import { deploymentStates } from '../../deployments/states.ts'
import { Refusal } from '../../errors/refusal.ts'
import { spanText } from '../../span-text.ts'
import { Button, Choice, Search } from '../components/form.tsx'
import { DeploymentLink, repositoryPath, Sha } from '../components/links.tsx'
import { Empty, PageHead, Pagination, Section } from '../components/page.tsx'
import { State, stateText } from '../components/state.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { LaneTable } from '../grid/groups.tsx'
import { byWhom, type Row, titleOf } from '../grid/lane-row.tsx'
import { PlaceActions } from '../operations/place-actions.tsx'
import { readQuery } from '../read-query.ts'
import { useShell } from '../shell.ts'
import { withUsual } from './grid.tsx'

const shown = 30

const query = z.strictObject({
  environment: text.optional(),
  state: oneOf(deploymentStates).optional(),
  before: deploymentId.optional(),
})

/** `GET /repositories/{owner}/{repo}`: its environments, and what was deployed there. */
export async function repositoryPage(app: FastifyInstance, { renderPage, sources }: DashboardOptions) {
  app.get<{ Params: { owner: string; repo: string } }>(
    '/repositories/:owner/:repo',
    { config: { role: 'viewer' } },
    async (request, reply) => {
      const { overview } = sources
      const { owner, repo } = request.params
      const known = await sources.repositories.named(`${owner}/${repo}`)
      if (!known) throw new Refusal(404, `No delivery has come from ${owner}/${repo}.`)
      const { before, ...filter } = readQuery(query, request.query)
      const [lanes, page] = await Promise.all([
        overview.lanes({ repositoryId: known.id }),
        listDeployments(sources.redis, sources.keys, { repositoryId: known.id, ...filter }, shown, before),
      ])
      const name = `${known.owner}/${known.name}`
      return renderPage(request, reply, {
        title: name,
        under: '/',
        repository: name,
        live: { repositoryId: known.id },
        body: (
          <Repository
            name={name}
            rows={[...(await withUsual(overview, lanes)).values()]}
            records={page.records}
            next={page.next}
            filter={filter}
            isFirst={before === undefined}
          />
        ),
      })
    },
  )
}

interface RepositoryProps {
  name: string
  rows: Row[]
  records: DeploymentRecord[]
  next: number | undefined
  filter: { environment?: string | undefined; state?: string | undefined }
  isFirst: boolean
}

function Repository({ name, rows, records, next, filter, isFirst }: RepositoryProps) {
  const { githubUrl, address } = useShell()
  return (
    <>
      <PageHead
        title={name}
        above={<a href="/">Deployments</a>}
        actions={<PlaceActions place={{ repository: name }} />}
      >
        <a href={`${githubUrl}/${name}`}>The repository at GitHub</a>
      </PageHead>
      <Section id="environments" title="Environments">
        {rows.length === 0 ? (
          <Empty title="Nothing is deployed from here yet" />
        ) : (
          <LaneTable caption={`Environments of ${name}`} rows={rows} />
        )}
      </Section>
      <Section id="history" title="History">
        <Filter name={name} environments={rows.map(({ environment }) => environment)} {...filter} />
        {records.length === 0 ? (
          <Empty
            title={next === undefined ? 'No deployment matches' : 'None among those that were looked at'}
          />
        ) : (
          <Table
            caption={`Deployments of ${name}, newest first`}
            columns={columns(name)}
            rows={records}
            id={({ id }) => `deployment-${id}`}
          />
        )}
        <Pagination address={address} next={next} isFirst={isFirst} />
      </Section>
    </>
  )
}

function Filter({
  name,
  environments,
  environment,
  state,
}: {
  name: string
  environments: string[]
  environment?: string | undefined
  state?: string | undefined
}) {
  const all = { value: '', text: 'All' }
  const states = deploymentStates.map((value) => ({ value, text: stateText(value) }))
  const known = environment === undefined || environments.includes(environment) ? [] : [environment]
  return (
    <Search action={repositoryPath(name)} label="Narrow the history">
      <Choice
        name="environment"
        label="Environment"
        value={environment}
        options={[all, ...environments, ...known]}
      />
      <Choice name="state" label="State" value={state} options={[all, ...states]} />
      <Button>Apply</Button>
    </Search>
  )
}

function columns(repository: string): Column<DeploymentRecord>[] {
  return [
    { heading: 'State', cell: ({ state }) => <State state={state} /> },
    {
      heading: 'Deployment',
      isHeading: true,
      cell: (record) => <DeploymentLink repository={repository} id={record.id} text={titleOf(record)} />,
    },
    { heading: 'Environment', cell: ({ environment }) => environment },
    { heading: 'Commit', cell: ({ sha }) => <Sha repository={repository} sha={sha} /> },
    { heading: 'By', cell: byWhom },
    { heading: 'When', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      heading: 'Took',
      align: 'right',
      cell: ({ startedAt, finishedAt }) =>
        startedAt && finishedAt ? spanText(finishedAt - startedAt) : null,
    },
  ]
}
