import type { GitHub } from '../client.ts'
import { GitHubRefusal } from '../failure.ts'
import { notInstalled, suspended } from './no-installation.ts'
import type { OurApp } from './our-app.ts'

/** An App on the account of somebody. */
export interface Installation {
  id: number
  /** The login of the account. */
  account: string
  /** Where its owner looks after it. */
  url: string
  /** Whether it is for all repositories of the account. */
  ofAll: boolean
}

/** Where the App is installed, as far as it was asked for. */
export interface Installations {
  /** @throws {NoInstallation} */
  ofRepository(owner: string, repo: string): Promise<Installation>
  /** @throws {NoInstallation} */
  ofOrganization(org: string): Promise<Installation>
  /** Asks GitHub the next time. */
  forget(installation: Installation): void
}

/** `app` signs as the App. */
export function openInstallations(app: GitHub, ourApp: () => Promise<OurApp>): Installations {
  const known = new Map<string, Installation>()
  const lookingUp = new Map<string, Promise<Installation>>()

  /** One look-up at a time of the same. Failures are not remembered: what is refused may be mended any time. */
  const find = async (where: string, account: string, ask: () => Promise<Found>): Promise<Installation> => {
    const key = where.toLowerCase()
    const everywhere = known.get(account.toLowerCase())
    const found = known.get(key) ?? (everywhere?.ofAll ? everywhere : undefined)
    if (found) return found
    const one = lookingUp.get(key) ?? lookUp(ask, where, ourApp).finally(() => lookingUp.delete(key))
    lookingUp.set(key, one)
    const installation = await one
    known.set(key, installation)
    known.set(installation.account.toLowerCase(), installation)
    return installation
  }

  return {
    ofRepository: (owner, repo) =>
      find(`${owner}/${repo}`, owner, () => app.rest.apps.getRepoInstallation({ owner, repo })),
    ofOrganization: (org) => find(org, org, () => app.rest.apps.getOrgInstallation({ org })),
    forget({ id }) {
      for (const [key, installation] of known) if (installation.id === id) known.delete(key)
    },
  }
}

type Found = Awaited<ReturnType<GitHub['rest']['apps']['getRepoInstallation']>>

async function lookUp(
  ask: () => Promise<Found>,
  where: string,
  ourApp: () => Promise<OurApp>,
): Promise<Installation> {
  const found = await ask().catch(async (error: unknown) => {
    if (!(error instanceof GitHubRefusal && error.status === 404)) throw error
    throw notInstalled(where, (await ourApp()).url)
  })
  const { id, account, html_url: url, suspended_at, suspended_by, repository_selection } = found.data
  const login = account !== null && 'login' in account ? account.login : where
  if (suspended_at !== null) throw suspended(login, suspended_by?.login, url)
  return { id, account: login, url, ofAll: repository_selection === 'all' }
}
