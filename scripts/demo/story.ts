import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { Delivery, Deployment } from '../../sandbox/state.ts'
import type { Logs } from '../../src/deployments/log.ts'
import { type Part, stateParts } from './parts.ts'

export interface Story {
  /** Tells, in order of time, what has happened in the repository since it was last asked to. */
  tellNews(): Promise<void>
}

/** Watches a sandbox's repository and tells what Livraison does in it. */
export function createStory(
  sandbox: Sandbox,
  repository: string,
  logs: Logs,
  tell: (part: Part) => void,
): Story {
  const deliveries = new Set<number>()
  const statuses = new Set<number>()
  const deployments = new Map<number, { statuses: number; log: string }>()

  const ofDeliveries = (): Part[] =>
    sandbox
      .deliveries()
      .filter((delivery) => delivery.statusCode === 202 && !deliveries.has(delivery.id))
      .flatMap((delivery) => {
        deliveries.add(delivery.id)
        return isTold(delivery) ? [partOfDelivery(delivery)] : []
      })

  const ofStatuses = (): Part[] =>
    sandbox
      .repository(repository)
      .statuses.filter(({ id }) => !statuses.has(id))
      .map(({ id, at, state, context, description }) => {
        statuses.add(id)
        return { at, ...stateParts(state, `${context}: ${description ?? ''}`) }
      })

  const ofDeployment = async (deployment: Deployment): Promise<Part[]> => {
    const told = deployments.get(deployment.id)
    const so = told ?? { statuses: 0, log: '-' }
    deployments.set(deployment.id, so)
    // Before the log is read: what was logged before a status is then told before it.
    const given = deployment.statuses.slice(so.statuses)
    so.statuses += given.length
    const lines = await logs.read(deployment.id, so.log)
    so.log = lines.at(-1)?.id ?? so.log
    return [
      ...(told ? [] : [partOfDeployment(deployment)]),
      ...given.map(({ at, state, description }) => ({ at, ...stateParts(state, description) })),
      ...lines.map(({ at, text }) => ({ at, kind: 'log' as const, text })),
    ]
  }

  return {
    async tellNews() {
      const parts = [...ofDeliveries(), ...ofStatuses()]
      for (const deployment of [...sandbox.deployments(repository)]) {
        parts.push(...(await ofDeployment(deployment)))
      }
      for (const part of parts.sort((one, other) => one.at - other.at)) tell(part)
    },
  }
}

/** The deliveries that set something going; the others only report. */
function isTold({ event }: Delivery): boolean {
  return event === 'pull_request' || event === 'deployment'
}

function partOfDelivery({ at, event, action, duration, statusCode }: Delivery): Part {
  const ms = Math.round(duration * 1000)
  const text = `webhook ${event} ${action}: answered ${statusCode} in ${ms} ms, queued`
  return { at: at + ms, kind: 'event', text }
}

function partOfDeployment({ id, at, sha, environment, creator }: Deployment): Part {
  const text = `deployment #${id} of ${sha.slice(0, 7)} to ${environment}, created by ${creator.login}`
  return { at, kind: 'event', text }
}
