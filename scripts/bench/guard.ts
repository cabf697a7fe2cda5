import type { Figures } from './figures.ts'
import { median, spread } from './statistics.ts'

/** A ratio that a change may not make much worse: each is smaller when it is better. */
export interface Guarded {
  name: string
  figure: string
  by: string
}

/** The ratios that `npm run bench -- --quick` measures. */
export const guarded: Guarded[] = [
  of('ingest, JSON, by the floor', 'ingest.json.16.product.cpuMs', 'ingest.json.16.floor.cpuMs'),
  of('ingest, JSON, by Probot', 'ingest.json.16.product.cpuMs', 'ingest.json.16.probot.cpuMs'),
  of('ingest, form, by its floor', 'ingest.form.16.product.cpuMs', 'ingest.form.16.floor.cpuMs'),
  of('worker, by a bare one', 'worker.10.product.cpuMs', 'worker.10.bare.cpuMs'),
  of('start of the receiver, by a bare one', 'start.receiver.product.readyMs', 'start.receiver.bare.readyMs'),
  of('start of the worker, by a bare one', 'start.worker.product.readyMs', 'start.worker.bare.readyMs'),
]

function of(name: string, figure: string, by: string): Guarded {
  return { name, figure, by }
}

/** The ratios that were measured once, by their names. */
export type Reference = Record<string, number>

export interface Compared extends Guarded {
  /** Now, and when the reference was made. */
  ratio: number
  reference: number | undefined
  /** By how much it is more than the reference: 0.1 is a tenth. */
  loss: number
  verdict: 'ok' | 'worse' | 'new'
  /** The yardstick itself moved so much between the rounds that the machine was busy with something else. */
  noisy: boolean
}

/** A loss of more is refused: a third. */
export const mostLoss = 1 / 3
/** A yardstick that moves more than this, (max - min) / median, was disturbed. */
const quietSpread = 0.6

/** What was measured beside the reference; what was not measured is left out. Pure. */
export function compare(
  figures: Figures,
  reference: Reference,
  ratios: readonly Guarded[] = guarded,
): Compared[] {
  return ratios.flatMap((guarded) => {
    const { name, figure, by } = guarded
    const found = figures.ratio(figure, by)
    if (found.length === 0) return []
    const [ratio, before] = [median(found), reference[name]]
    const loss = before === undefined ? 0 : ratio / before - 1
    const verdict = before === undefined ? 'new' : loss > mostLoss ? 'worse' : 'ok'
    return [
      { ...guarded, ratio, reference: before, loss, verdict, noisy: spread(figures.of(by)) > quietSpread },
    ]
  })
}

/** What the next are compared with. Pure. */
export function toReference(figures: Figures, ratios: readonly Guarded[] = guarded): Reference {
  const found = compare(figures, {}, ratios)
  return Object.fromEntries(found.map(({ name, ratio }) => [name, Math.round(ratio * 100) / 100]))
}
