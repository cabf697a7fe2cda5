import type { FastifyInstance } from 'fastify'
import { figuresQuery } from '../../api/figures.ts'
import type { Figures } from '../../figures/figures.ts'
import { Button, Choice, Field, Search } from '../components/form.tsx'
import { Empty, PageHead } from '../components/page.tsx'
import { Badge } from '../components/state.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { Plot } from '../figures/plot.tsx'
import { bandWords, type FigureView, viewFigures } from '../figures/view.ts'
import { readQuery } from '../read-query.ts'

interface Filter {
  days: number
  repository: string | undefined
  environment: string | undefined
}

/** `GET /figures`: the four figures of DORA, with plots over time. */
export async function figuresPage(app: FastifyInstance, { renderPage, sources }: DashboardOptions) {
  app.get('/figures', { config: { role: 'viewer' } }, async (request, reply) => {
    const { days, repository, environment } = readQuery(figuresQuery, request.query)
    const known = repository === undefined ? undefined : await sources.repositories.named(repository)
    // A repository that is not known has deployed nothing; none has this number.
    const repositoryId = repository === undefined ? undefined : (known?.id ?? -1)
    const figures = await sources.figures.read(days, { repositoryId, environment })
    return renderPage(request, reply, {
      title: 'Figures',
      under: '/figures',
      body: <FiguresPage figures={figures} filter={{ days, repository, environment }} />,
    })
  })
}

const spans = [
  { value: '7', text: 'the last 7 days' },
  { value: '30', text: 'the last 30 days' },
  { value: '90', text: 'the last 90 days' },
  { value: '365', text: 'the last year' },
]

function FiguresPage({ figures, filter }: { figures: Figures; filter: Filter }) {
  const { days, repository, environment } = filter
  const options = spans.some(({ value }) => value === String(days))
    ? spans
    : [...spans, { value: String(days), text: `the last ${days} days` }]
  return (
    <>
      <PageHead title="Figures">
        How well changes get to {environment ?? 'production'}
        {repository === undefined ? '' : ` of ${repository}`}: the four figures that{' '}
        <a href="https://dora.dev/guides/dora-metrics-four-keys/">DORA</a> measures software delivery by,
        computed from the record of deployments.
      </PageHead>
      <Search action="/figures" label="What is counted">
        <Choice name="days" label="Over" value={String(days)} options={options} />
        <Field name="repository" label="Repository" value={repository} placeholder="all" />
        <Field name="environment" label="Environment" value={environment} placeholder="production" />
        <Button>Show</Button>
      </Search>
      {figures.total.changes === 0 ? (
        <Empty title="Nothing to measure in this time.">
          The figures begin with the first deployment to {environment ?? 'a production environment'} that
          ends.
        </Empty>
      ) : (
        <div class="figures">
          {viewFigures(figures).map((figure) => (
            <FigureCard figure={figure} />
          ))}
        </div>
      )}
    </>
  )
}

function FigureCard({ figure }: { figure: FigureView }) {
  const { id, title, meaning, value, detail, band, missing, plot } = figure
  const { kind, labels, series, unit } = plot
  return (
    <section class="card figure" aria-labelledby={`${id}-heading`}>
      <div class="figure-head">
        <h2 id={`${id}-heading`}>{title}</h2>
        {band === undefined ? null : <Badge tone={bandTones[band]}>{`${bandWords[band]} performance`}</Badge>}
      </div>
      <p class="quiet">{meaning}</p>
      {value === undefined ? (
        <p class="figure-missing">{missing}</p>
      ) : (
        <>
          <p class="figure-value">
            {value} <span class="quiet">{detail}</span>
          </p>
          <Plot
            id={id}
            title={plot.title}
            description={plot.description}
            kind={kind}
            input={{ labels, series, unit }}
            words={plot.words}
          />
        </>
      )}
    </section>
  )
}

const bandTones = { elite: 'good', high: 'good', medium: 'wait', low: 'bad' } as const
