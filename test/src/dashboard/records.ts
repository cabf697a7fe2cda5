import type { DeploymentRecord } from '../../../src/deployments/record.ts'

/** A deployment of acme/shop. */
export function recordOf(id: number, more: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    id,
    repository: { id: 1, owner: 'acme', name: 'shop' },
    environment: 'production',
    ref: 'main',
    sha: 'abcdef0'.padEnd(40, '0'),
    task: 'deploy',
    description: '#3 Mend the cart',
    creator: 'livraison',
    production: true,
    transient: false,
    createdAt: '2026-01-02T03:04:05Z',
    acceptedAt: 0,
    state: 'pending',
    tries: 0,
    delivery: 'g1',
    ...more,
  }
}
