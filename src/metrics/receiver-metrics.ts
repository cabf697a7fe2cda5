import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { createGitHubMetrics, type ObserveGitHub } from './github-metrics.ts'

/** What became of a delivery; `unauthorized`: it was not signed as it should be. */
export type DeliveryOutcome =
  | 'queued'
  | 'duplicate'
  | 'ignored'
  | 'pong'
  | 'refused'
  | 'unavailable'
  | 'unauthorized'

/** What the receiver counts and times. */
export interface ReceiverMetrics {
  registry: Registry
  /** `event` is GitHub's name of it; what is not signed has none: anyone may name any. */
  delivery(event: string, outcome: DeliveryOutcome, tookMs: number): void
  github: ObserveGitHub
}

export function createReceiverMetrics(): ReceiverMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const deliveries = new Counter({
    name: 'livraison_deliveries_total',
    help: 'Webhook deliveries, by event and what became of them.',
    labelNames: ['event', 'outcome'] as const,
    registers,
  })
  const seconds = new Histogram({
    name: 'livraison_delivery_answer_seconds',
    help: 'From when the whole delivery was there until it was answered. GitHub waits 10 s.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    registers,
  })
  return {
    registry,
    github: createGitHubMetrics(registry),
    delivery(event, outcome, tookMs) {
      deliveries.inc({ event, outcome })
      seconds.observe(tookMs / 1000)
    },
  }
}
