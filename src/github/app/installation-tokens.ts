import type { Permissions } from '../auth.ts'
import type { GitHub } from '../client.ts'
import type { Installation } from './installations.ts'

/** What a token is narrowed to. */
export interface Narrow {
  repository: string
  permissions: Permissions
}

/** Tokens of installations, kept until they end. */
export interface InstallationTokens {
  /** A token that is good for at least `leftMs` more. */
  get(installation: Installation, leftMs: number, narrow?: Narrow): Promise<string>
  /** Whether it was asked for longer ago than this, as far as that is known. */
  isOlderThan(token: string, ms: number): boolean
  /** It is not taken any more: it is not given again. */
  drop(token: string): void
}

export interface InstallationTokensOptions {
  /** Signs as the App. */
  app: GitHub
  onFailure(error: unknown): void
  /** A clock that is never put back, in milliseconds. */
  now?: () => number
}

interface Kept {
  token: string
  /** By our own clock. */
  askedAt: number
  endsAt: number
}

/** Tokens live an hour; from here on, a new one is asked for while the old one is still used. */
const renewMs = 25 * 60_000
const hourMs = 3_600_000

/** Asks for one token at a time for the same, however many want it. */
export function openInstallationTokens(options: InstallationTokensOptions): InstallationTokens {
  const { app, onFailure, now = () => performance.now() } = options
  const kept = new Map<string, Kept>()
  const asked = new Map<string, Promise<string>>()

  const ask = async (key: string, { id }: Installation, narrow: Narrow | undefined) => {
    const askedAt = now()
    const { data, headers } = await app.rest.apps.createInstallationAccessToken({
      installation_id: id,
      ...(narrow && { repositories: [narrow.repository], permissions: narrow.permissions }),
    })
    kept.set(key, { token: data.token, askedAt, endsAt: askedAt + lifeMs(data.expires_at, headers.date) })
    return data.token
  }

  const renew = (key: string, installation: Installation, narrow: Narrow | undefined) => {
    const one = asked.get(key) ?? ask(key, installation, narrow).finally(() => asked.delete(key))
    asked.set(key, one)
    return one
  }

  return {
    async get(installation, leftMs, narrow) {
      const key = `${installation.id} ${narrow ? JSON.stringify(narrow) : ''}`
      const known = kept.get(key)
      const left = known === undefined ? 0 : known.endsAt - now()
      if (known === undefined || left < leftMs) return renew(key, installation, narrow)
      if (left < renewMs) renew(key, installation, narrow).catch(onFailure)
      return known.token
    },

    isOlderThan(token, ms) {
      const found = [...kept.values()].find((each) => each.token === token)
      return found !== undefined && now() - found.askedAt > ms
    },

    drop(token) {
      for (const [key, { token: each }] of kept) if (each === token) kept.delete(key)
    },
  }
}

/** How long a token lives, by GitHub's own clock: ours may be wrong. Pure. */
export function lifeMs(expiresAt: string, date: string | undefined): number {
  const life = Date.parse(expiresAt) - Date.parse(date ?? '')
  return Number.isNaN(life) ? hourMs : life
}
