import type { Logger } from '../log/log.ts'
import { enterpriseVersion, featuresMissingIn, missingFeature } from './enterprise.ts'

type Headers = Record<string, string | number | undefined>

/** Notices which GitHub answers, and what that does not have, and says each once. */
export interface HostWatch {
  /** Looks at an answer to a call of this route. */
  see(route: string, headers: Headers): void
  /** The feature whose absence a refusal means, said in the log the first time; undefined: it means something else. */
  missing(route: string, status: number, headers: Headers): string | undefined
}

/** One for a process. */
export function watchHost(log: Logger): HostWatch {
  const said = new Set<string>()
  const sayOnce = (what: string, say: () => void) => {
    if (said.has(what)) return
    said.add(what)
    say()
  }
  return {
    see(route, headers) {
      // https://docs.github.com/en/rest/about-the-rest-api/breaking-changes
      if (headers.deprecation !== undefined) {
        sayOnce(`deprecated ${route}`, () =>
          log.warn({ route, sunset: headers.sunset }, 'GitHub will not take this call for ever'),
        )
      }
      const version = enterpriseVersion(headers)
      if (version === undefined) return
      sayOnce('version', () => {
        const without = featuresMissingIn(version).map((feature) => feature.without)
        if (without.length === 0) log.info({ version }, 'GitHub is an Enterprise Server')
        else
          log.warn(
            { version, without },
            'GitHub is an Enterprise Server that is older than some of what we use',
          )
      })
    },
    missing(route, status, headers) {
      const feature = missingFeature(route, status, headers)
      if (feature === undefined) return undefined
      const version = enterpriseVersion(headers)
      sayOnce(feature.name, () =>
        log.warn({ version, status, route }, `GitHub does not know this: ${feature.without}`),
      )
      return feature.name
    },
  }
}
