import { scaleLinear } from 'd3-scale'

/** What the numbers of a chart are, and how they are written on its axis and in words. */
export interface Unit {
  /** How many of the raw numbers make one of it. */
  size: number
  /** What stands behind a number, with its space: ` h`, ` %`. */
  suffix: string
}

const durations: Unit[] = [
  { size: 1000, suffix: ' s' },
  { size: 60_000, suffix: ' min' },
  { size: 3_600_000, suffix: ' h' },
  { size: 86_400_000, suffix: ' d' },
]

export const share: Unit = { size: 0.01, suffix: ' %' }
export const count: Unit = { size: 1, suffix: '' }

/** The largest unit of time of which the highest duration (ms) has at least two. Pure. */
export function unitOfDurations(highestMs: number): Unit {
  const fitting = durations.filter(({ size }) => highestMs >= 2 * size)
  return fitting.at(-1) ?? { size: 1000, suffix: ' s' }
}

/** An axis from 0 upwards: where each number lies between two pixels, and where it has its lines. Pure. */
export function heightScale(highest: number, { size, suffix }: Unit, bottom: number, top: number) {
  const scale = scaleLinear()
    .domain([0, Math.max(highest / size, suffix === '' ? 4 : 0) || 1])
    .range([bottom, top])
    .nice(4)
  return {
    of: (value: number) => round(scale(value / size)),
    ticks: scale
      .ticks(4)
      // Half a deployment would be no number of deployments.
      .filter((tick) => suffix !== '' || Number.isInteger(tick))
      .map((tick) => ({ y: round(scale(tick)), text: `${tick}${suffix}` })),
  }
}

/** A tenth of a pixel is enough, and short. */
export function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
