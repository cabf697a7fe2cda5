import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { OpenSpan, Tracing } from './tracing.ts'

/** What only reads changes nothing, and there is a lot of it; deliveries begin their traces themselves (./deliveries.ts). */
const untold = ['GET', 'HEAD', 'OPTIONS']
const deliveries = '/event_handler'

/**
 * Begins a trace with each request that may change something: a button, a command, a call of the API. They are known by their
 * route; their addresses and queries may hold secrets. A traceparent that comes with one is not read: whoever sends it could put
 * what they like into our traces.
 */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  if (!tracing.isOn) return
  const spans = new WeakMap<FastifyRequest, OpenSpan>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, routeOptions } = request
    const route = routeOptions.url
    if (route === undefined || route === deliveries || untold.includes(method)) return done()
    const attributes = { 'http.request.method': method, 'http.route': route }
    spans.set(request, tracing.begin(`${method} ${route}`, { kind: 'server', parent: null, attributes }))
    done()
  })
  // After the body was read, which may leave what it was begun in.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request)
    if (span) span.within(done)
    else done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request)
    span?.set({ 'http.response.status_code': reply.statusCode })
    if (reply.statusCode >= 500) span?.fail(`It was answered with ${reply.statusCode}.`)
    span?.end()
    done()
  })
}
