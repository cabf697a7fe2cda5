import type { Figures } from './figures.ts'
import { type Summary, summarize } from './statistics.ts'

/** What is to be reached, and how it is read from the figures. */
export interface Goal {
  what: string
  limit: { most: number } | { least: number }
  unit: Unit
  values: (figures: Figures) => readonly number[]
}

/** `x`: so many times as much as the yardstick. */
export type Unit = 'x' | 'ms' | 'MB' | 'KB' | ''

export interface Judged {
  goal: Goal
  /** Undefined: it was not measured this time. */
  found: Summary | undefined
  verdict: 'ok' | 'missed' | 'not measured'
}

/** With how many finished deployments in the record the growth part measures. */
export const growthSizes = [0, 20_000, 1_000_000]

const ratio = (name: string, by: string) => (figures: Figures) => figures.ratio(name, by)
const values = (name: string) => (figures: Figures) => figures.of(name)

/** The goals, in the order of the table. */
export const goals: Goal[] = [
  {
    what: 'ingest, JSON: CPU per request, by the floor',
    limit: { most: 1.4 },
    unit: 'x',
    values: ratio('ingest.json.16.product.cpuMs', 'ingest.json.16.floor.cpuMs'),
  },
  {
    what: 'ingest, JSON: CPU, by Probot that stores nothing',
    limit: { most: 0.75 },
    unit: 'x',
    values: ratio('ingest.json.16.product.cpuMs', 'ingest.json.16.probot.cpuMs'),
  },
  {
    what: 'ingest, JSON: CPU, by Probot with queue.add',
    limit: { most: 0.5 },
    unit: 'x',
    values: ratio('ingest.json.16.product.cpuMs', 'ingest.json.16.probot-queue.cpuMs'),
  },
  {
    what: 'ingest, form: CPU per request, by its floor',
    limit: { most: 1.5 },
    unit: 'x',
    values: ratio('ingest.form.16.product.cpuMs', 'ingest.form.16.floor.cpuMs'),
  },
  {
    what: 'p99 at 64 connections, JSON, by the floor',
    limit: { most: 3 },
    unit: 'x',
    values: ratio('ingest.json.64.product.p99Ms', 'ingest.json.64.floor.p99Ms'),
  },
  {
    what: 'p99 at 64 connections, form, by its floor',
    limit: { most: 3 },
    unit: 'x',
    values: ratio('ingest.form.64.product.p99Ms', 'ingest.form.64.floor.p99Ms'),
  },
  {
    what: 'worker: CPU per deployment, by bare BullMQ + undici',
    limit: { most: 1.5 },
    unit: 'x',
    values: ratio('worker.10.product.cpuMs', 'worker.10.bare.cpuMs'),
  },
  {
    what: 'GitHub calls for a plain deployment',
    limit: { most: 5 },
    unit: '',
    values: values('worker.1.product.calls'),
  },
  {
    what: 'connections to GitHub, one deployment at a time',
    limit: { most: 1 },
    unit: '',
    values: values('worker.1.product.connections'),
  },
  {
    what: 'webhook to `pending`, idle: median',
    limit: { most: 15 },
    unit: 'ms',
    values: values('latency.idle.pending.medianMs'),
  },
  {
    what: 'webhook to `pending`, 100 running: p99',
    limit: { most: 60 },
    unit: 'ms',
    values: values('latency.busy.pending.p99Ms'),
  },
  {
    what: "executor's end to final status sent: median",
    limit: { most: 10 },
    unit: 'ms',
    values: values('latency.idle.final.medianMs'),
  },
  {
    what: '8 workers on simulated work, by one',
    limit: { least: 7.2 },
    unit: 'x',
    values: ratio('scale.workers.8.perSecond', 'scale.workers.1.perSecond'),
  },
  {
    what: 'ingest CPU at 1,000,000 records, by an empty record',
    limit: { most: 1.1 },
    unit: 'x',
    values: ratio('growth.1000000.json.16.product.cpuMs', 'growth.0.json.16.product.cpuMs'),
  },
  {
    what: 'API and pages at 1,000,000 records, by 20,000: time, median of all',
    limit: { most: 1.1 },
    unit: 'x',
    values: values('growth.1000000.pages.byFew'),
  },
  {
    what: 'API and pages at 1,000,000 records: answers that fail',
    limit: { most: 0 },
    unit: '',
    values: values('growth.1000000.pages.failed'),
  },
  {
    what: 'Redis: memory of a deployment without its log',
    limit: { most: 2.5 },
    unit: 'KB',
    values: values('growth.1000000.recordKb'),
  },
  {
    what: 'receiver: start to listening',
    limit: { most: 400 },
    unit: 'ms',
    values: values('start.receiver.product.readyMs'),
  },
  {
    what: 'worker: start to its first job',
    limit: { most: 400 },
    unit: 'ms',
    values: values('start.worker.product.readyMs'),
  },
  {
    what: 'receiver: memory when idle',
    limit: { most: 90 },
    unit: 'MB',
    values: values('start.receiver.product.idleMb'),
  },
  {
    what: 'worker: memory when idle',
    limit: { most: 90 },
    unit: 'MB',
    values: values('start.worker.product.idleMb'),
  },
]

/** Each goal with what was found. Pure. */
export function judge(goals: readonly Goal[], figures: Figures): Judged[] {
  return goals.map((goal) => {
    const found = goal.values(figures)
    if (found.length === 0) return { goal, found: undefined, verdict: 'not measured' }
    const summary = summarize(found)
    const isReached =
      'most' in goal.limit ? summary.median <= goal.limit.most : summary.median >= goal.limit.least
    return { goal, found: summary, verdict: isReached ? 'ok' : 'missed' }
  })
}
