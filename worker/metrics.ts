import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { FinalState } from '../src/deployments/lanes.ts'
import { createGitHubMetrics, type ObserveGitHub } from '../src/metrics/github-metrics.ts'

/**
 * How a job went this time: it is over, sleeps until it is asked for, goes to workers with other labels, is tried again, or was
 * given up.
 */
export type JobResult = 'done' | 'asleep' | 'handed-on' | 'again' | 'given-up'

/** What a worker counts and times. */
export interface WorkerMetrics {
  registry: Registry
  job(name: string, result: JobResult): void
  /** A run that this worker has done, from its beginning to its end. */
  run(state: FinalState, tookMs: number): void
  github: ObserveGitHub
}

export function createWorkerMetrics(): WorkerMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const jobs = new Counter({
    name: 'livraison_job_attempts_total',
    help: 'Attempts at jobs, by how they went.',
    labelNames: ['name', 'result'] as const,
    registers,
  })
  const runs = new Histogram({
    name: 'livraison_run_seconds',
    help: 'How long deployments ran, by how they ended.',
    labelNames: ['state'] as const,
    buckets: [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600],
    registers,
  })
  return {
    registry,
    github: createGitHubMetrics(registry),
    job: (name, result) => jobs.inc({ name, result }),
    run: (state, tookMs) => runs.observe({ state }, tookMs / 1000),
  }
}
