import type { LanePolicy } from '../../src/deployments/lanes.ts'
import type { LossPolicy } from '../../worker/lane/loss-policy.ts'

/** The environments of the fault test: each pair of policies once. Merges go to production. */
export const environments: Record<string, { lane: LanePolicy; onWorkerLoss: LossPolicy }> = {
  production: { lane: 'supersede', onWorkerLoss: 'rerun' },
  staging: { lane: 'queue', onWorkerLoss: 'rerun' },
  review: { lane: 'supersede', onWorkerLoss: 'fail' },
  qa: { lane: 'queue', onWorkerLoss: 'fail' },
}

/** Short enough for many runs a minute; the lease is shorter than the longest work. */
export const timing = { leaseMs: 4000, stalledMs: 700, drainMs: 2000 }

/** How long a deployment works: mostly about a second, now and then longer than the lease. */
export function workMs(deploymentId: number): number {
  const share = (Math.imul(deploymentId, 0x9e3779b1) >>> 0) / 2 ** 32
  if (share < 0.15) return 5000 + share * 20_000
  return share < 0.25 ? 0 : 100 + share * 1200
}
