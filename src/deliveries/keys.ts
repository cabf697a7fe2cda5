/** Where the trace of deliveries lies in Redis, below the prefix. */
export interface DeliveryKeys {
  /** Stream: each delivery that arrived with a good signature. */
  trace: string
  /** List: the ids in the trace of a repository's newest deliveries, newest first. */
  of(repositoryId: number | string): string
  /** Hash: a repository's id -> its full name, as the last delivery from it had it. */
  repositories: string
  /** Hash: a repository's id -> when its first delivery arrived, in milliseconds since 1970. */
  repositoriesSince: string
}

/** The keys below a prefix. */
export function deliveryKeys(prefix: string): DeliveryKeys {
  return {
    trace: `${prefix}:deliveries`,
    of: (repositoryId) => `${prefix}:deliveries:of:${repositoryId}`,
    repositories: `${prefix}:repositories`,
    repositoriesSince: `${prefix}:repositories:since`,
  }
}
