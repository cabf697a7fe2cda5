import type { DeploymentRecord } from './deployment-record.ts'

type Asked = Pick<DeploymentRecord, 'creator' | 'deployUser'>

/**
 * All who may have asked for a deployment, whom it names rightly or not: none of them may approve it. `request` is what
 * somebody asked of us, if it was made for that. Pure.
 */
export function askersOf({ creator, deployUser }: Asked, request?: { by: string }): string[] {
  return [creator, deployUser, request?.by].filter((name) => name !== undefined)
}

/**
 * In whose name a deployment was made. Whoever may make one may write any name into its payload: that counts only where an account
 * of ours made it. Pure.
 */
export function speakerOf({ creator, deployUser }: Asked, isOurs: boolean): string {
  return isOurs ? (deployUser ?? creator) : creator
}
