import { randomBytes } from 'node:crypto'
import { presentRepository } from '../present/repository.ts'
import { validationFailed } from '../refusal.ts'
import type { Repository } from '../state.ts'
import { now, type World } from '../world.ts'
import { allows } from './caller.ts'
import { repositoriesOf } from './install.ts'
import type { AppPermissions, Installation } from './state.ts'

/** How long a token of an installation lives. */
const tokenMs = 3_600_000

export interface TokenRequest {
  repositories?: string[]
  repository_ids?: number[]
  permissions?: AppPermissions
}

/**
 * Gives a token for an installation, narrowed as was asked for: never to more than the installation may.
 *
 * @see https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
export function giveToken(world: World, installation: Installation, request: TokenRequest) {
  const narrowed = chosenOf(world, installation, request)
  const permissions = request.permissions
    ? { metadata: 'read' as const, ...request.permissions }
    : installation.permissions
  const excess = Object.entries(permissions).find((need) => !allows(installation.permissions, need))
  if (excess) {
    const message = 'The permissions requested are not granted to this installation.'
    throw validationFailed('Integration', excess[0], 'invalid', message)
  }
  // Tokens of this kind are long, and hold dots and underscores:
  // https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header
  const token = `ghs_${installation.app.id}_${randomBytes(120).toString('base64url')}.${randomBytes(64).toString('base64url')}`
  const expiresAt = now() + tokenMs
  world.apps.tokens.set(token, {
    ...{ token, installation, permissions, expiresAt, uses: [] },
    narrowedTo: narrowed && new Set(narrowed.map(({ id }) => id)),
  })
  return {
    ...{ token, permissions, expires_at: `${new Date(expiresAt).toISOString().slice(0, 19)}Z` },
    repository_selection: narrowed || installation.selected ? 'selected' : 'all',
    ...(narrowed && { repositories: narrowed.map((each) => presentRepository(world, each)) }),
  }
}

function chosenOf(
  world: World,
  installation: Installation,
  { repositories, repository_ids }: TokenRequest,
): Repository[] | undefined {
  if (!repositories && !repository_ids) return undefined
  const all = repositoriesOf(world, installation)
  const byName = (repositories ?? []).map((name) =>
    all.find((each) => each.name.toLowerCase() === name.toLowerCase()),
  )
  const chosen = [...byName, ...(repository_ids ?? []).map((id) => all.find((each) => each.id === id))]
  const message =
    'There is at least one repository that does not exist or is not accessible to the parent installation.'
  return chosen.map((each) => {
    if (each) return each
    throw validationFailed('Integration', 'repositories', 'invalid', message)
  })
}
