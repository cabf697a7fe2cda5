import { deliver } from '../hooks/send.ts'
import { presentUser } from '../present/common.ts'
import { notFound } from '../refusal.ts'
import { nextId, now, repositoryNamed, tell, userNamed, type World } from '../world.ts'
import { presentInstallation } from './present.ts'
import { installationOn } from './register.ts'
import { covers, type Installation, type RegisteredApp } from './state.ts'

/** Installs an App on an account: on all of its repositories, or on these (`owner/name`). */
export function installApp(
  world: World,
  app: RegisteredApp,
  account: string,
  repositories?: string[],
): Installation {
  const selected = repositories && new Set(repositories.map((each) => repositoryNamed(world, each).id))
  const installation: Installation = {
    id: nextId(world),
    app,
    account: userNamed(world, account),
    selected,
    permissions: { ...app.permissions },
    suspendedAt: null,
    suspendedBy: null,
    at: now(),
  }
  world.apps.installations.set(installation.id, installation)
  announceInstallation(world, installation, 'created')
  return installation
}

/** Suspends an installation, or lifts that again. */
export function suspendInstallation(world: World, installation: Installation, by: string | null): void {
  installation.suspendedAt = by === null ? null : now()
  installation.suspendedBy = by === null ? null : userNamed(world, by)
  announceInstallation(world, installation, by === null ? 'unsuspend' : 'suspend')
}

/** Takes an App off an account; its tokens are worth nothing from then on. */
export function uninstallApp(world: World, installation: Installation): void {
  world.apps.installations.delete(installation.id)
  for (const [token, given] of world.apps.tokens) {
    if (given.installation === installation) world.apps.tokens.delete(token)
  }
  announceInstallation(world, installation, 'deleted')
}

/** Says which repositories an installation is for from now on. */
export function selectRepositories(world: World, installation: Installation, names: string[]): void {
  const before = repositoriesOf(world, installation)
  installation.selected = new Set(names.map((name) => repositoryNamed(world, name).id))
  const after = repositoriesOf(world, installation)
  const [added, removed] = [
    after.filter((each) => !before.includes(each)),
    before.filter((each) => !after.includes(each)),
  ]
  const changes = [['added', added] as const, ['removed', removed] as const]
  for (const [action, changed] of changes.filter(([, changed]) => changed.length > 0)) {
    sendTo(world, installation, 'installation_repositories', {
      ...{ action, repository_selection: 'selected', requester: null },
      repositories_added: action === 'added' ? changed.map(shortly) : [],
      repositories_removed: action === 'removed' ? changed.map(shortly) : [],
    })
  }
}

function announceInstallation(world: World, installation: Installation, action: string): void {
  const repositories = repositoriesOf(world, installation).map(shortly)
  sendTo(world, installation, 'installation', { action, repositories, requester: null })
  tell(world, { what: `installation ${action}`, id: installation.id })
}

/** These come to every App, whatever it has subscribed to. */
function sendTo(
  world: World,
  installation: Installation,
  event: string,
  payload: { action?: string } & Record<string, unknown>,
): void {
  const { hook } = installation.app
  if (!hook.active) return
  deliver(world, hook, event, {
    ...payload,
    installation: presentInstallation(world, installation),
    sender: presentUser(world, installation.suspendedBy ?? installation.account),
  })
}

export function repositoriesOf(world: World, installation: Installation) {
  return [...world.repositories.values()].filter((repository) => covers(installation, repository))
}

function shortly({ id, name, owner }: { id: number; name: string; owner: { login: string } }) {
  return { id, node_id: String(id), name, full_name: `${owner.login}/${name}`, private: false }
}

/** An account's installation, by the id of the App; throws GitHub's 404. */
export function installationFor(world: World, app: RegisteredApp, login: string): Installation {
  const installation = installationOn(world, app, login)
  if (!installation) throw notFound()
  return installation
}
