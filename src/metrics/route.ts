import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { z } from 'zod'

export interface MetricsOptions {
  registry: Registry
  /** Brings up to date what is only read when somebody asks. */
  refresh: () => Promise<void>
}

const schema = {
  operationId: 'getMetrics',
  tags: ['machines'],
  summary: 'What Prometheus reads: how things stand, and what this process has done',
  documented: { response: { 200: z.string().meta({ description: "Prometheus' text format" }) } },
}

/** `GET /metrics`: for Prometheus, with an API token of the role viewer. */
export async function metricsRoute(app: FastifyInstance, { registry, refresh }: MetricsOptions) {
  app.get('/metrics', { config: { role: 'viewer' }, schema }, async (_request, reply) => {
    await refresh()
    const text = await registry.metrics()
    return reply.header('Content-Type', registry.contentType).send(text)
  })
}
