/** What somebody said of a deployment that waits for approvals. */
export interface Approval {
  /** An {@link Actor}'s name. */
  by: string
  verdict: 'approved' | 'rejected'
  comment: string
  /** Milliseconds since 1970, by Redis's clock. */
  at: number
  /** The digest of the environment's rules then: under others it is void. */
  rules: string
}

/** The approvals of deployments. A deployment's sha and environment never change, so that its id binds both. */
export interface Approvals {
  /** Notes what somebody says; what they said before is replaced. Wakes the deployment. */
  give(deploymentId: number, approval: Omit<Approval, 'at'>): Promise<Approval>
  of(deploymentId: number): Promise<Approval[]>
}
