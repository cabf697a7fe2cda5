import { scaleBand } from 'd3-scale'
import { line } from 'd3-shape'
import { heightScale, round, type Unit } from './scale.ts'

/** A value for each stretch of time; undefined where there is nothing to measure. */
export interface Series {
  name: string
  values: readonly (number | undefined)[]
}

/** What is to be drawn. `labels` names the stretches of time, the oldest first. */
export interface ChartInput {
  labels: readonly string[]
  series: readonly Series[]
  unit: Unit
}

export const size = { width: 640, height: 220, left: 52, right: 8, top: 10, bottom: 26 }

/** How many names of times have room below the axis. */
const namesAtMost = 7

/** A chart in pixels: what the SVG draws. */
export interface Chart {
  /** The lines across, and what they stand for. */
  ticks: { y: number; text: string }[]
  names: { x: number; text: string }[]
  series: {
    name: string
    bars: { x: number; y: number; width: number; height: number }[]
    /** The path through its points, from each that is known to the next. */
    path: string
    points: { x: number; y: number; value: number; label: string }[]
  }[]
}

/** Lays a chart out. Pure. */
export function layOut({ labels, series, unit }: ChartInput): Chart {
  const { width, height, left, right, top, bottom } = size
  const indices = labels.map((_label, index) => index)
  const across = scaleBand(indices, [left, width - right])
    .paddingInner(0.25)
    .paddingOuter(0.1)
  const highest = Math.max(
    0,
    ...series.flatMap(({ values }) => values.filter((value) => value !== undefined)),
  )
  const up = heightScale(highest, unit, height - bottom, top)
  const middle = (index: number) => round((across(index) ?? 0) + across.bandwidth() / 2)
  const path = line<{ value: number; index: number }>()
    .x(({ index }) => middle(index))
    .y(({ value }) => up.of(value))
    .digits(1)
  return {
    ticks: up.ticks,
    names: nameSome(labels).map((index) => ({ x: middle(index), text: labels[index] ?? '' })),
    series: series.map(({ name, values }) => {
      const known = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]))
      return {
        name,
        bars: known
          .filter(({ value }) => value > 0)
          .map(({ value, index }) => ({
            x: round(across(index) ?? 0),
            y: up.of(value),
            width: round(across.bandwidth()),
            height: round(up.of(0) - up.of(value)),
          })),
        path: path(known) ?? '',
        points: known.map(({ value, index }) => ({
          x: middle(index),
          y: up.of(value),
          value,
          label: labels[index] ?? '',
        })),
      }
    }),
  }
}

/** The stretches that are named: as many as have room, evenly, the newest among them. */
function nameSome(labels: readonly string[]): number[] {
  const step = Math.ceil(labels.length / namesAtMost)
  return labels.flatMap((_label, index) => ((labels.length - 1 - index) % step === 0 ? [index] : []))
}
