import { RequestError } from '@octokit/request-error'
import type { Answer } from '../github/send.ts'
import type { Tracing } from './tracing.ts'

/** Does a call to GitHub, and tells of it. */
export type TracedCall = (method: string, route: string, call: () => Promise<Answer>) => Promise<Answer>

/**
 * Tells of each call to GitHub that is part of a trace, by its route: the values in an address, and what is sent, stay here.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function traceGitHub(tracing: Tracing, apiUrl: string): TracedCall {
  if (!tracing.isOn) return (_method, _route, call) => call()
  const { hostname } = new URL(apiUrl)
  return (method, route, call) => {
    // What is looked after by itself, such as missed deliveries, would make a trace of each call.
    if (tracing.active() === undefined) return call()
    const attributes = {
      'http.request.method': method,
      'url.template': route,
      'server.address': hostname,
      'livraison.peer': 'github',
    }
    return tracing.span(`${method} ${route}`, { kind: 'client', attributes }, async (span) => {
      try {
        const answer = await call()
        span.set({ 'http.response.status_code': answer.status })
        return answer
      } catch (error) {
        if (error instanceof RequestError) span.set({ 'http.response.status_code': error.response?.status })
        throw error
      }
    })
  }
}
