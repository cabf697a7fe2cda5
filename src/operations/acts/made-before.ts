import type { Standing } from '../ask.ts'
import { askedOf } from '../ask.ts'
import type { Asked } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { Refused } from '../refused.ts'

const cameToNothing = ['failure', 'error', 'inactive']

/**
 * What is told of a deployment that is made of another. To ask twice is to ask once: what came of it before is named, and, if that
 * did not succeed, how to go on.
 *
 * @throws {Refused} if it was made before and did not succeed
 */
export async function tellOf(context: Context, standing: Standing): Promise<Done<Asked>> {
  const { deployment } = standing.request
  if (standing.isOld && deployment !== undefined) await refuseIfItFailed(context, deployment)
  return askedOf(standing)
}

/** @throws {Refused} if a deployment that was made of another did not succeed */
export async function refuseIfItFailed({ records }: Context, deployment: number): Promise<void> {
  const state = (await records.read(deployment))?.state
  if (state === undefined || !cameToNothing.includes(state)) return
  throw new Refused(
    'conflict',
    `#${deployment} was made for that before, and is ${state}: retry #${deployment}.`,
  )
}
