import type { GitHub } from '../client.ts'
import { GitHubRefusal } from '../failure.ts'
import { installedNowhere, notInstalled, suspended } from './no-installation.ts'
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
  /** Any one that is not suspended. @throws {NoInstallation} */
  any(): Promise<Installation>
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
    async any() {
      const [first] = known.values()
      return first ?? findAny(app, ourApp)
    },
    forget({ id }) {
      for (const [key, installation] of known) if (installation.id === id) known.delete(key)
    },
  }
}

type Found = Awaited<ReturnType<GitHub['rest']['apps']['getRepoInstallation']>>

async function findAny(app: GitHub, ourApp: () => Promise<OurApp>): Promise<Installation> {
  const { data } = await app.rest.apps.listInstallations({ per_page: 100 })
  const found = data.find(({ suspended_at }) => suspended_at === null)
  if (found === undefined) throw installedNowhere((await ourApp()).url)
  return toInstallation(found, '')
}

type Given = Found['data']

/** @param where what the account is called by, if GitHub does not say */
function toInstallation(
  { id, account, html_url: url, repository_selection }: Given,
  where: string,
): Installation {
  const login = account !== null && 'login' in account ? account.login : where
  return { id, account: login, url, ofAll: repository_selection === 'all' }
}

async function lookUp(
  ask: () => Promise<Found>,
  where: string,
  ourApp: () => Promise<OurApp>,
): Promise<Installation> {
  const found = await ask().catch(async (error: unknown) => {
    if (!(error instanceof GitHubRefusal && error.status === 404)) throw error
    throw notInstalled(where, (await ourApp()).url)
  })
  const { suspended_at, suspended_by } = found.data
  const installation = toInstallation(found.data, where)
  if (suspended_at !== null) throw suspended(installation.account, suspended_by?.login, installation.url)
  return installation
}
