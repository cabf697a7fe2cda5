import type { World } from '../world.ts'
import {
  installApp,
  installationFor,
  selectRepositories,
  suspendInstallation,
  uninstallApp,
} from './install.ts'
import { type AppRequest, registerApp } from './register.ts'
import type { Installation, InstallationToken, MadeApp, RegisteredApp } from './state.ts'

/** What people do with GitHub Apps, and what has become of it. */
export interface AppActs {
  registerApp(request: AppRequest): MadeApp
  registeredApps(): RegisteredApp[]
  /** On all repositories of an account, or on these (`owner/name`). */
  installApp(app: RegisteredApp, account: string, repositories?: string[]): Installation
  installationOf(app: RegisteredApp, account: string): Installation
  suspendInstallation(installation: Installation, by?: string): void
  unsuspendInstallation(installation: Installation): void
  uninstallApp(installation: Installation): void
  selectRepositories(installation: Installation, repositories: string[]): void
  /** The tokens that installations were given, in order. */
  installationTokens(): InstallationToken[]
  /** Ends all tokens that were given, as if an hour had gone by. */
  expireInstallationTokens(): void
}

export function appActsOf(world: World): AppActs {
  const { apps } = world
  return {
    registerApp: (request) => registerApp(world, request),
    registeredApps: () => [...apps.registered.values()],
    installApp: (app, account, repositories) => installApp(world, app, account, repositories),
    installationOf: (app, account) => installationFor(world, app, account),
    suspendInstallation: (installation, by = installation.account.login) =>
      suspendInstallation(world, installation, by),
    unsuspendInstallation: (installation) => suspendInstallation(world, installation, null),
    uninstallApp: (installation) => uninstallApp(world, installation),
    selectRepositories: (installation, names) => selectRepositories(world, installation, names),
    installationTokens: () => [...apps.tokens.values()],
    expireInstallationTokens: () => {
      for (const given of apps.tokens.values()) given.expiresAt = 0
    },
  }
}
