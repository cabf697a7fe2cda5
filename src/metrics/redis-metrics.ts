import { Gauge, type Registry } from 'prom-client'
import type { Redis } from '../redis/redis.ts'
import { within } from '../within.ts'

/** A worker's connection waits for Redis however long that takes; Prometheus does not. */
const limitMs = 2000

/** Shows how soon Redis answers this process, measured whenever somebody asks; NaN: it does not. */
export function addRedisMetrics(registry: Registry, redis: Redis): void {
  new Gauge({
    name: 'livraison_redis_round_trip_seconds',
    help: 'How long Redis took to answer a PING just now.',
    registers: [registry],
    async collect() {
      const begun = performance.now()
      const isThere = await within(limitMs, redis.ping(), 'late').then(
        () => true,
        () => false,
      )
      this.set(isThere ? (performance.now() - begun) / 1000 : Number.NaN)
    },
  })
}
