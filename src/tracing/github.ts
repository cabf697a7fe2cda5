import { RequestError } from '@octokit/request-error'
import type { Octokit } from '@octokit/rest'
import { toRoute } from '../github/route.ts'
import type { Tracing } from './tracing.ts'

/**
 * Tells of each call to GitHub that is part of a trace, by its route: the values in an address, and what is sent, stay here.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function traceGitHub(github: Pick<Octokit, 'hook'>, tracing: Tracing, apiUrl: string): void {
  if (!tracing.isOn) return
  const { hostname } = new URL(apiUrl)
  github.hook.wrap('request', async (request, options) => {
    // What is looked after by itself, such as missed deliveries, would make a trace of each call.
    if (tracing.active() === undefined) return request(options)
    const { method } = options
    const route = toRoute(options.url)
    const attributes = {
      'http.request.method': method,
      'url.template': route,
      'server.address': hostname,
      'livraison.peer': 'github',
    }
    return tracing.span(`${method} ${route}`, { kind: 'client', attributes }, async (span) => {
      try {
        const response = await request(options)
        span.set({ 'http.response.status_code': response.status })
        return response
      } catch (error) {
        if (error instanceof RequestError) span.set({ 'http.response.status_code': error.response?.status })
        throw error
      }
    })
  })
}
