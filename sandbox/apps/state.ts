import type { KeyObject } from 'node:crypto'
import type { Hook, Repository, User } from '../state.ts'

export type Access = 'read' | 'write' | 'admin'
/** By GitHub's names: `contents`, `pull_requests`. */
export type AppPermissions = Record<string, Access>

/** A GitHub App that somebody has registered. */
export interface RegisteredApp {
  id: number
  slug: string
  name: string
  owner: User
  /** Its `slug[bot]`, who does what it does. */
  bot: User
  url: string
  clientId: string
  clientSecret: string
  publicKey: KeyObject
  permissions: AppPermissions
  events: string[]
  /** Its own webhook: it hears of all repositories that it is installed on. */
  hook: Hook
  at: number
}

/** An App on the account of somebody. */
export interface Installation {
  id: number
  app: RegisteredApp
  account: User
  /** Ids of the repositories; undefined: all of the account's. */
  selected: Set<number> | undefined
  permissions: AppPermissions
  suspendedAt: number | null
  suspendedBy: User | null
  at: number
}

/** A token that an App was given for an installation. */
export interface InstallationToken {
  token: string
  installation: Installation
  permissions: AppPermissions
  /** Ids of the repositories that it was narrowed to; undefined: all of the installation's. */
  narrowedTo: Set<number> | undefined
  expiresAt: number
  /** What it was used for: operationIds of the API, `git PATH`. */
  uses: string[]
}

/** All Apps of a sandbox. */
export interface Apps {
  registered: Map<number, RegisteredApp>
  installations: Map<number, Installation>
  tokens: Map<string, InstallationToken>
  /** What a code of the manifest flow stands for; it is good for an hour, and once. */
  codes: Map<string, { made: MadeApp; at: number }>
}

/** What is told once, to whoever registered it. */
export interface MadeApp {
  app: RegisteredApp
  privateKey: string
  webhookSecret: string | null
}

export function createApps(): Apps {
  return { registered: new Map(), installations: new Map(), tokens: new Map(), codes: new Map() }
}

/** Whether an installation is for this repository, too. */
export function covers({ account, selected }: Installation, repository: Repository): boolean {
  return repository.owner === account && (selected === undefined || selected.has(repository.id))
}
