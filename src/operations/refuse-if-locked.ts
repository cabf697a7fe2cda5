import type { Context } from './perform.ts'
import { Refused } from './refused.ts'
import { lockInTheWay } from './standing-in-the-way.ts'

/** @throws {Refused} if a lock would hold back what whoever asks deploys to an environment */
export async function refuseIfLocked(
  { locks, actor }: Context,
  repositoryId: number,
  environment: string,
  force: boolean,
): Promise<void> {
  const reason = lockInTheWay(await locks.of(repositoryId, environment), { name: actor.name, force })
  if (reason !== undefined) throw new Refused('conflict', reason)
}
