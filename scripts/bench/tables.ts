import type { Figures } from './figures.ts'
import type { Goal, Judged } from './goals.ts'
import { growthSizes } from './goals.ts'
import type { Compared } from './guard.ts'
import { receiverKinds } from './receivers.ts'
import { type Column, figuresTable, type Row, toTable, toText } from './table.ts'
import { workerKinds } from './workers.ts'

const perSecond: Column = { head: 'per second', figure: 'perSecond' }
const rss: Column = { head: 'memory MB', figure: 'rssMb' }

/** What each part found, one table after another. */
export function partTables(figures: Figures): string[] {
  return [
    ...ingestTables(figures),
    ...workerTable(figures),
    ...latencyTable(figures),
    ...scaleTables(figures),
    ...growthTables(figures),
    ...startTable(figures),
  ]
}

function ingestTables(figures: Figures): string[] {
  const columns: Column[] = [
    perSecond,
    { head: 'p50 ms', figure: 'p50Ms' },
    { head: 'p99 ms', figure: 'p99Ms' },
    { head: 'CPU ms each', figure: 'cpuMs', spread: true },
    rss,
  ]
  return (['json', 'form'] as const).flatMap((contentType) => {
    const rows = [1, 16, 64].flatMap((connections) =>
      receiverKinds.map(({ name, title }) => ({
        head: `${String(connections).padStart(2)}  ${title}`,
        prefix: `ingest.${contentType}.${connections}.${name}`,
      })),
    )
    const title = `ingest, ${contentType === 'json' ? 'JSON' : 'form'}: connections, receiver`
    return figuresTable(title, rows, columns, figures)
  })
}

function workerTable(figures: Figures): string[] {
  const rows = [1, 10, 50, 100].flatMap((concurrency) =>
    workerKinds.map(({ name, title }) => ({
      head: `${String(concurrency).padStart(3)}  ${title}`,
      prefix: `worker.${concurrency}.${name}`,
    })),
  )
  return figuresTable(
    'worker: how many at once, who',
    rows,
    [
      perSecond,
      { head: 'CPU ms each', figure: 'cpuMs', spread: true },
      { head: 'GitHub calls each', figure: 'calls' },
      { head: 'connections', figure: 'connections' },
      rss,
    ],
    figures,
  )
}

function latencyTable(figures: Figures): string[] {
  const steps = [
    { head: 'webhook to pending', step: 'pending' },
    { head: 'webhook to in_progress', step: 'begun' },
    { head: "executor's end to final status", step: 'final' },
  ]
  const rows = ['idle', 'busy'].flatMap((when) =>
    steps.map(({ head, step }) => ({
      head: `${head}, ${when === 'idle' ? 'idle' : '100 running'}`,
      prefix: `latency.${when}.${step}`,
    })),
  )
  const columns: Column[] = [
    { head: 'median ms', figure: 'medianMs', spread: true },
    { head: 'p99 ms', figure: 'p99Ms', spread: true },
  ]
  return figuresTable("latency, above GitHub's own", rows, columns, figures)
}

function scaleTables(figures: Figures): string[] {
  const rowsOf = (what: string, counts: number[]): Row[] =>
    counts.map((count) => ({ head: `${count} ${what}`, prefix: `scale.${what}.${count}` }))
  const columns: Column[] = [
    { ...perSecond, spread: true },
    { head: 'by one', figure: 'byOne', spread: true },
    { head: 'CPU ms each', figure: 'cpuMs' },
  ]
  return [
    ...figuresTable(
      'scale: workers on simulated work',
      rowsOf('workers', [1, 2, 4, 8]),
      columns.slice(0, 2),
      figures,
    ),
    ...figuresTable('scale: receivers on one Redis', rowsOf('receivers', [1, 2, 4]), columns, figures),
  ]
}

function growthTables(figures: Figures): string[] {
  const rows = growthSizes.map((records) => ({
    head: `${records.toLocaleString('en')} records`,
    prefix: `growth.${records}`,
  }))
  const columns: Column[] = [
    { head: 'ingest per second', figure: 'json.16.product.perSecond' },
    { head: 'ingest CPU ms each', figure: 'json.16.product.cpuMs', spread: true },
    { head: 'worker CPU ms each', figure: 'worker.cpuMs', spread: true },
    { head: 'Redis MB', figure: 'redisMb' },
    { head: 'KB a record', figure: 'recordKb' },
    { head: 'start ms', figure: 'startMs' },
  ]
  const pages = [...new Set(Object.keys(figures.all()).map((name) => /\.page\.(.*)\.ms$/.exec(name)?.[1]))]
  const pageRows = pages
    .filter((page) => page !== undefined)
    .map((page) => [
      page,
      ...growthSizes.flatMap((records) =>
        ['ms', 'cpuMs'].map((figure) => {
          const [found] = figures.of(`growth.${records}.page.${page}.${figure}`)
          return found === undefined ? '-' : toText(found)
        }),
      ),
    ])
  const heads = growthSizes.flatMap((records) => [`ms at ${records.toLocaleString('en')}`, 'CPU'])
  return [
    ...figuresTable('growth: finished deployments in the record', rows, columns, figures),
    ...(pageRows.length === 0 ? [] : ['', 'growth: answers', '', ...toTable(['', ...heads], pageRows)]),
  ]
}

function startTable(figures: Figures): string[] {
  const rows = ['receiver', 'worker'].flatMap((what) =>
    [
      { name: 'product', title: `Livraison's ${what}` },
      { name: 'bare', title: `a bare ${what}` },
    ].map(({ name, title }) => ({ head: title, prefix: `start.${what}.${name}` })),
  )
  const columns: Column[] = [
    { head: 'ready ms', figure: 'readyMs', spread: true },
    { head: 'idle MB', figure: 'idleMb' },
  ]
  return figuresTable('start', rows, columns, figures)
}

/** The goals with what was found. Pure. */
export function goalTable(judged: readonly Judged[]): string[] {
  const rows = judged.map(({ goal, found, verdict }) => [
    goal.what,
    limitOf(goal),
    found === undefined ? '' : toText(found.median),
    found === undefined || found.count === 1 ? '' : `${toText(found.min)}-${toText(found.max)}`,
    verdict === 'missed' ? 'MISSED' : verdict,
  ])
  return toTable(['goal', 'limit', 'found', 'from-to', ''], rows)
}

function limitOf({ limit, unit }: Goal): string {
  const text = 'most' in limit ? `<= ${limit.most}` : `>= ${limit.least}`
  return unit === '' ? text : `${text} ${unit}`
}

/** The ratios beside those of the reference. Pure. */
export function guardTable(compared: readonly Compared[]): string[] {
  const rows = compared.map(({ name, ratio, reference, loss, verdict, noisy }) => [
    name,
    toText(ratio),
    reference === undefined ? '-' : toText(reference),
    reference === undefined ? '-' : `${loss > 0 ? '+' : ''}${Math.round(loss * 100)} %`,
    verdict === 'worse' ? 'WORSE' : verdict,
    noisy ? 'noisy' : '',
  ])
  return toTable(['ratio', 'now', 'reference', 'change', '', ''], rows)
}
