/** Where what is known of checks lies in Redis, below the prefix. */
export interface CheckKeys {
  /** What all records' keys begin with, before the id. */
  records: string
  /** Hash: what is known of a check. */
  record(id: number | string): string
  /** Stream: the lines of its log. */
  log(id: number | string): string
  /** Hash: the pull requests that want it, each with the time of that wish. */
  wishes(id: string): string
  /** String: the token of the one process that may write its statuses to GitHub now. */
  writer(id: string): string
  /** Hash: the last that is known of a pull request's head, and when that was; a merge group (./wisher.ts) has its own. */
  pull(repositoryId: number, wisher: string): string
  /** Sorted set: the checks that a pull request wanted, by the time of the wish. */
  ofPull(repositoryId: number, wisher: string): string
  /** Sorted set: the checks of a repository, by the time at which they were first accepted. */
  ofRepository(repositoryId: number): string
  /** Set: the checks about which something is left to do. */
  open: string
}

/** The keys below a prefix. */
export function checkKeys(prefix: string): CheckKeys {
  const records = `${prefix}:check:`
  return {
    records,
    record: (id) => `${records}${id}`,
    log: (id) => `${records}${id}:log`,
    wishes: (id) => `${records}${id}:wishes`,
    writer: (id) => `${records}${id}:writer`,
    pull: (repositoryId, wisher) => `${prefix}:pull:${repositoryId}:${wisher}`,
    ofPull: (repositoryId, wisher) => `${prefix}:pull-checks:${repositoryId}:${wisher}`,
    ofRepository: (repositoryId) => `${prefix}:repository-checks:${repositoryId}`,
    open: `${prefix}:open-checks`,
  }
}
