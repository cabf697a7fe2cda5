import { covers, type Installation } from '../apps/state.ts'
import { nodeId, presentUser } from '../present/common.ts'
import { presentRepository } from '../present/repository.ts'
import type { Hook, Repository, User } from '../state.ts'
import type { World } from '../world.ts'
import { deliver } from './send.ts'

type Payload = { action?: string } & Record<string, unknown>

/** Sends an event to every hook of the repository that asked for it, and to every App that is installed on it and did. */
export function announce(
  world: World,
  repository: Repository,
  sender: User,
  event: string,
  make: () => Payload,
): void {
  const listeners = subscribers(world, repository, event)
  if (listeners.length === 0) return
  const payload = {
    repository: presentRepository(world, repository),
    ...make(),
    sender: presentUser(world, sender),
  }
  for (const { hook, installation } of listeners) {
    deliver(world, hook, event, installation ? { ...payload, installation: shortly(installation) } : payload)
  }
}

/** A hook that hears of an event: a repository's, or that of an App by an installation. */
export interface Subscriber {
  hook: Hook
  installation?: Installation
}

/** Who hears of an event. */
export function subscribers(world: World, repository: Repository, event: string): Subscriber[] {
  const hears = ({ active, events }: Hook) => active && (events.includes('*') || events.includes(event))
  const installed = [...world.apps.installations.values()].filter(
    (each) => each.suspendedAt === null && covers(each, repository) && hears(each.app.hook),
  )
  return [
    ...repository.hooks.filter(hears).map((hook) => ({ hook })),
    // The deliveries are the App's, each about its repository.
    ...installed.map((installation) => ({
      hook: { ...installation.app.hook, repositoryId: repository.id },
      installation,
    })),
  ]
}

function shortly({ id }: Installation) {
  return { id, node_id: nodeId('Integration', id) }
}
