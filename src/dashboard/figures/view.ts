import type { Band } from '../../figures/bands.ts'
import type { Figures, Summary } from '../../figures/figures.ts'
import { spanText } from '../../span-text.ts'
import type { Series } from './chart.ts'
import { count, share, type Unit, unitOfDurations } from './scale.ts'

/** One of the four figures, as the page shows it. */
export interface FigureView {
  id: 'frequency' | 'lead' | 'failures' | 'restore'
  title: string
  /** What is measured, in a sentence. */
  meaning: string
  /** The figure of the whole period in words; undefined if there is nothing to measure. */
  value?: string
  detail: string
  band?: Band
  /** What is missing, if there is nothing to measure. */
  missing: string
  plot: {
    kind: 'bars' | 'lines'
    title: string
    description: string
    labels: string[]
    series: Series[]
    unit: Unit
    words(value: number): string
  }
}

/** How well each band does, in words. */
export const bandWords: Record<Band, string> = { elite: 'elite', high: 'high', medium: 'medium', low: 'low' }

/** The four figures as the page shows them. Pure. */
export function viewFigures(figures: Figures): FigureView[] {
  return [frequencyView(figures), leadView(figures), failuresView(figures), restoreView(figures)]
}

function frequencyView({ total, bands, perDay, lanes, ...rest }: Figures): FigureView {
  const each = rest.step === 'day' ? 'day' : 'week'
  return {
    id: 'frequency',
    title: 'Deployment frequency',
    meaning: 'How often a change reaches production.',
    ...(perDay === undefined || total.deployments === 0 ? {} : { value: perDayWords(perDay) }),
    detail: `${counted(total.deployments, 'deployment')} to ${counted(lanes, 'environment')}`,
    ...banded(bands.frequency),
    missing: 'Nothing was deployed in this time.',
    plot: {
      kind: 'bars',
      title: `Deployments by ${each}`,
      description: `${counted(total.deployments, 'deployment')} in all; ${mostOf(rest)}.`,
      ...plotted(rest, [['deployments', ({ deployments }) => deployments]]),
      unit: count,
      words: (value) => counted(value, 'deployment'),
    },
  }
}

function leadView({ total, bands, ...rest }: Figures): FigureView {
  const { lead } = total
  return {
    id: 'lead',
    title: 'Lead time for changes',
    meaning: 'How long a change takes from its merge or push to production.',
    ...(lead.median === undefined ? {} : { value: aboutText(lead.median) }),
    detail: spreadDetail(lead, 'change'),
    ...banded(bands.lead),
    missing:
      total.deployments === 0
        ? 'Nothing was deployed in this time.'
        : 'Of what was deployed in this time, it is not known when it was merged or pushed.',
    plot: {
      kind: 'lines',
      title: `Lead time by ${rest.step}`,
      description: `${spreadDetail(lead, 'change')}.`,
      ...plotted(rest, [
        ['median', (bucket) => bucket.lead.median],
        ['9 of 10 took at most', (bucket) => bucket.lead.p90],
      ]),
      unit: unitOfDurations(Math.max(0, ...rest.buckets.map((bucket) => bucket.lead.p90 ?? 0))),
      words: spanText,
    },
  }
}

function failuresView({ total, bands, ...rest }: Figures): FigureView {
  const { changes, failed } = total
  return {
    id: 'failures',
    title: 'Change failure rate',
    meaning: 'How many of the changes failed, or were rolled back.',
    ...(changes === 0 ? {} : { value: percent(failed / changes) }),
    detail: `${failed} of ${counted(changes, 'change')} failed`,
    ...banded(bands.failureRate),
    missing: 'No deployment has ended in this time.',
    plot: {
      kind: 'lines',
      title: `Change failure rate by ${rest.step}`,
      description: `${failed} of ${counted(changes, 'change')} failed.`,
      ...plotted(rest, [
        ['failed', (bucket) => (bucket.changes === 0 ? undefined : bucket.failed / bucket.changes)],
      ]),
      unit: share,
      words: percent,
    },
  }
}

function restoreView({ total, bands, ...rest }: Figures): FigureView {
  const { restore } = total
  return {
    id: 'restore',
    title: 'Time to restore',
    meaning: 'How long production was broken, from the first failure to the next success.',
    ...(restore.median === undefined ? {} : { value: aboutText(restore.median) }),
    detail: spreadDetail(restore, 'failure'),
    ...banded(bands.restore),
    missing:
      total.failed === 0 ? 'Nothing has failed in this time.' : 'What failed has not been made good yet.',
    plot: {
      kind: 'lines',
      title: `Time to restore by ${rest.step}`,
      description: `${spreadDetail(restore, 'failure')}.`,
      ...plotted(rest, [
        ['median', (bucket) => bucket.restore.median],
        ['9 of 10 took at most', (bucket) => bucket.restore.p90],
      ]),
      unit: unitOfDurations(Math.max(0, ...rest.buckets.map((bucket) => bucket.restore.p90 ?? 0))),
      words: spanText,
    },
  }
}

type Measure = (bucket: Summary) => number | undefined

function plotted({ buckets }: Pick<Figures, 'buckets'>, measures: [name: string, measure: Measure][]) {
  return {
    labels: buckets.map(({ from }) => dayText(from)),
    series: measures.map(([name, measure]) => ({ name, values: buckets.map(measure) })),
  }
}

function banded(band: Band | undefined): { band?: Band } {
  return band === undefined ? {} : { band }
}

function spreadDetail({ count: of, p90 }: Summary['lead'], noun: string): string {
  return p90 === undefined
    ? `of no ${noun}`
    : `median of ${counted(of, noun)}; 9 of 10 took at most ${aboutText(p90)}`
}

function mostOf({ buckets, step }: Pick<Figures, 'buckets' | 'step'>): string {
  const most = buckets.reduce(
    (best, each) => (each.deployments > (best?.deployments ?? 0) ? each : best),
    buckets[0],
  )
  if (!most || most.deployments === 0) return `none in any ${step}`
  return `the most, ${most.deployments}, in the ${step} of ${dayText(most.from)}`
}

function perDayWords(perDay: number): string {
  if (perDay >= 1) return `${short(perDay)} a day`
  return perDay * 7 >= 1 ? `${short(perDay * 7)} a week` : `${short(perDay * 30)} a month`
}

/** A duration in its two largest units at most, and not finer than people care. */
function aboutText(ms: number): string {
  if (ms < 3_600_000) return spanText(ms)
  return ms < 48 * 3_600_000 ? spanText(Math.round(ms / 60_000) * 60_000) : `${short(ms / 86_400_000)} days`
}

function counted(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}

function percent(part: number): string {
  return `${short(part * 100)} %`
}

function short(number: number): string {
  return number.toLocaleString('en', { maximumFractionDigits: number < 10 ? 1 : 0 })
}

/** A day of UTC: `5 Nov`. */
function dayText(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}
