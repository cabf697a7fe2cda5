import { createServer, type Server } from 'node:http'
import type { Registry } from 'prom-client'
import { messageOf } from '../src/errors/errors.ts'
import type { Logger } from '../src/log/log.ts'

export interface MetricsServerOptions {
  port: number
  host: string
  registry: Registry
  log: Logger
}

/**
 * Answers Prometheus at `/metrics`, and `/healthz` while the process runs. It says nothing of what is deployed where, so whoever
 * reaches the port may read it. That it cannot listen is no reason for a worker not to work.
 */
export function serveMetrics({ port, host, registry, log }: MetricsServerOptions): Server {
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0]
    if (request.method !== 'GET' || (path !== '/metrics' && path !== '/healthz')) {
      return response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Ask for /metrics or /healthz.\n')
    }
    const isHealth = path === '/healthz'
    const text = isHealth ? '{"status":"ok"}' : await registry.metrics()
    response
      .writeHead(200, { 'Content-Type': isHealth ? 'application/json' : registry.contentType })
      .end(text)
  })
  server.on('error', (error) =>
    log.error({ reason: messageOf(error) }, `metrics cannot be served at port ${port}`),
  )
  server.listen(port, host, () => log.info(`metrics are at http://${host}:${port}/metrics`))
  return server
}
