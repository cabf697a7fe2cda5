import { isFinal } from '../../deployments/record.ts'
import { truncate } from '../../text.ts'
import { findSubject } from '../find-deployment.ts'
import type { DeploymentWish } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { Refused } from '../refused.ts'
import { lockInTheWay } from '../standing-in-the-way.ts'

/** Lets a deployment that waits pass soft locks, windows and freezes; its log and its statuses say who did, and why. */
export async function override(
  context: Context,
  wish: DeploymentWish,
): Promise<Done<{ deployment: number }>> {
  const { record, name } = await findSubject(context, wish, 'override what holds a deployment')
  const { id, environment, repository } = record
  const { actor, cancelling, logs, held, locks } = context
  if (wish.reason === undefined) throw new Refused('invalid', 'To override needs a reason: say why.')
  const isNoMore = isFinal(record.state) || !(await cancelling.override(id, actor.name))
  if (isNoMore) {
    const state = (await context.records.read(id))?.state ?? record.state
    throw new Refused('conflict', `#${id} does not wait: it is ${state}.`)
  }
  const words = `Overridden by ${truncate(actor.name, 60)}: ${wish.reason.trim().replace(/\.+$/, '')}.`
  await logs.append(id, [words])
  await context.sayWaiting(id, truncate(words, 140))
  await held.wake(repository.id, environment)
  const lock = lockInTheWay(await locks.of(repository.id, environment), { name: '', force: true })
  const still = lock === undefined ? '' : ` ${lock}`
  const text = `#${id} to ${environment} of ${name} passes soft locks, windows and freezes.${still}`
  return { text, deployment: id }
}
