import { presentUser } from '../present/common.ts'
import { presentRepository } from '../present/repository.ts'
import type { Repository, User } from '../state.ts'
import type { World } from '../world.ts'
import { deliver } from './send.ts'

type Payload = { action?: string } & Record<string, unknown>

/** Sends an event to every hook of the repository that asked for it. */
export function announce(
  world: World,
  repository: Repository,
  sender: User,
  event: string,
  make: () => Payload,
): void {
  const hooks = subscribers(repository, event)
  if (hooks.length === 0) return
  const payload = {
    repository: presentRepository(world, repository),
    ...make(),
    sender: presentUser(world, sender),
  }
  for (const hook of hooks) deliver(world, hook, event, payload)
}

/** The hooks that hear of an event. */
export function subscribers(repository: Repository, event: string) {
  return repository.hooks.filter(
    (hook) => hook.active && (hook.events.includes('*') || hook.events.includes(event)),
  )
}
