import type { FastifyInstance } from 'fastify'
import { repositoryName } from '../../api/query.ts'
import { explain } from '../../api/why/explain.ts'
import type { Facts } from '../../api/why/facts.ts'
import { gatherFacts } from '../../api/why/gather.ts'
import { Refusal } from '../../errors/refusal.ts'
import { whyPath } from '../components/links.tsx'
import { Empty, PageHead } from '../components/page.tsx'
import { type Column, Table } from '../components/table.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { Explanation } from '../why/explanation.tsx'

/** `GET /why/{owner}/{repo}/{environment}`: why something is, or is not, deployed; `GET /why` offers the choice. */
export async function whyPage(app: FastifyInstance, { renderPage, sources }: DashboardOptions) {
  // The rest of the path: an environment's name may hold slashes and be long.
  app.get<{ Params: { owner: string; repo: string; '*': string } }>(
    '/why/:owner/:repo/*',
    { config: { role: 'viewer' } },
    async (request, reply) => {
      const { owner, repo, '*': environment } = request.params
      const name = repositoryName.safeParse(`${owner}/${repo}`)
      if (!name.success || environment === '') {
        throw new Refusal(404, 'Choose a repository and an environment at /why.')
      }
      const facts = await gatherFacts(sources, name.data, environment)
      const known = await sources.repositories.named(name.data)
      return renderPage(request, reply, {
        title: `Why: ${environment} of ${facts.repository}`,
        under: '/',
        repository: facts.repository,
        live: known ? { repositoryId: known.id, environment } : {},
        body: <Explanation explanation={explain(facts, sources)} holds={holdsOf(facts)} />,
      })
    },
  )

  app.get('/why', { config: { role: 'viewer' } }, async (request, reply) => {
    const places = (await sources.overview.lanes()).map(({ repository, environment }) => ({
      repository,
      environment,
    }))
    return renderPage(request, reply, {
      title: 'Why is nothing deploying?',
      under: '/',
      body: <ChoosePlace places={places} />,
    })
  })
}

function holdsOf({ held }: Facts): Map<number, string[]> {
  return new Map(held.map(({ record, note }) => [record.id, note.holds.map(({ hold }) => hold)]))
}

interface Place {
  repository: string
  environment: string
}

const columns: Column<Place>[] = [
  { heading: 'Repository', cell: ({ repository }) => repository },
  {
    heading: 'Environment',
    isHeading: true,
    cell: ({ repository, environment }) => <a href={whyPath(repository, environment)}>{environment}</a>,
  },
]

function ChoosePlace({ places }: { places: Place[] }) {
  return (
    <>
      <PageHead title="Why is nothing deploying?">
        Choose an environment: its page says what runs there, what waits and for what, what was refused, and
        what a merge would lead to now.
      </PageHead>
      {places.length === 0 ? (
        <Empty title="No environment is known yet.">
          Neither does livraison.yml name one, nor has anything been deployed.{' '}
          <a href="/deliveries">Deliveries</a> shows whether GitHub reaches this server at all.
        </Empty>
      ) : (
        <Table caption="Environments" columns={columns} rows={places} />
      )}
    </>
  )
}
