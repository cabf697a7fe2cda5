import { RequestError } from '@octokit/request-error'
import type { Logger } from '../log/log.ts'

/** @see https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const apiVersion = '2022-11-28'
const header = 'x-github-api-version'

interface Options {
  headers: Record<string, unknown>
}

/**
 * Names the version of the API that we speak with each request, for as long as GitHub takes that: to a version that it does not
 * know, it answers 400 and does nothing, so that the request is made once more without one.
 */
export function createVersioning(log: Logger) {
  let isTaken = true
  return async <O extends Options, R>(options: O, request: (options: O) => R | Promise<R>): Promise<R> => {
    if (isTaken) options.headers[header] = apiVersion
    try {
      return await request(options)
    } catch (error) {
      if (!(header in options.headers) || !isAboutVersion(error)) throw error
      if (isTaken)
        log.warn({ apiVersion }, 'GitHub does not know this version of its API; it is asked without one')
      isTaken = false
      delete options.headers[header]
      return request(options)
    }
  }
}

function isAboutVersion(error: unknown): boolean {
  if (!(error instanceof RequestError) || error.status !== 400) return false
  return /api.?version|version/i.test(`${error.message} ${JSON.stringify(error.response?.data ?? '')}`)
}
