import { approve, reject } from './acts/approve.ts'
import { cancel } from './acts/cancel.ts'
import { deploy } from './acts/deploy.ts'
import { freeze, thaw } from './acts/freeze.ts'
import { lock, unlock } from './acts/lock.ts'
import { override } from './acts/override.ts'
import { promote } from './acts/promote.ts'
import { replay } from './acts/replay.ts'
import { retry } from './acts/retry.ts'
import { rollBack } from './acts/roll-back.ts'
import type { OperationDependencies } from './dependencies.ts'
import type { DeploymentWish, Operations, Place } from './operations.ts'
import { type About, perform } from './perform.ts'

/** Opens the operations on what they work with. */
export function openOperations(dependencies: OperationDependencies): Operations {
  return {
    deploy: (actor, wish) =>
      perform(dependencies, 'deploy', actor, { ...ofPlace(wish), ...why(wish) }, (context) =>
        deploy(context, wish),
      ),
    cancel: (actor, wish) =>
      perform(dependencies, 'cancel', actor, ofDeployment(wish), (context) => cancel(context, wish)),
    retry: (actor, wish) =>
      perform(dependencies, 'retry', actor, ofDeployment(wish), (context) => retry(context, wish)),
    rollBack: (actor, wish) =>
      perform(dependencies, 'rollback', actor, ofDeployment(wish), (context) => rollBack(context, wish)),
    promote: (actor, wish) =>
      perform(dependencies, 'promote', actor, ofDeployment(wish), (context) => promote(context, wish)),
    approve: (actor, wish) =>
      perform(dependencies, 'approve', actor, ofDeployment(wish), (context) => approve(context, wish)),
    reject: (actor, wish) =>
      perform(dependencies, 'reject', actor, ofDeployment(wish), (context) => reject(context, wish)),
    override: (actor, wish) =>
      perform(dependencies, 'override', actor, ofDeployment(wish), (context) => override(context, wish)),
    lock: (actor, wish) =>
      perform(dependencies, 'lock', actor, { ...ofPlace(wish), ...why(wish) }, (context) =>
        lock(context, wish),
      ),
    unlock: (actor, wish) =>
      perform(dependencies, 'unlock', actor, ofPlace(wish), (context) => unlock(context, wish)),
    freeze: (actor, wish) =>
      perform(dependencies, 'freeze', actor, { ...ofPlace(wish), ...why(wish) }, (context) =>
        freeze(context, wish),
      ),
    thaw: (actor, wish) => perform(dependencies, 'thaw', actor, {}, (context) => thaw(context, wish)),
    replay: (actor, wish) => perform(dependencies, 'replay', actor, {}, (context) => replay(context, wish)),
  }
}

function ofPlace({ repository, environment }: Place): About {
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(environment === undefined ? {} : { environment }),
  }
}

function why({ reason }: { reason?: string | undefined }): About {
  return reason === undefined ? {} : { reason }
}

function ofDeployment({ deployment, repository, reason }: DeploymentWish): About {
  return { deployment, ...ofPlace({ repository }), ...why({ reason }) }
}
