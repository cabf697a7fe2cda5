/** Where things lie in Redis, below the prefix. An environment's name may hold anything, so it comes last. */
export interface Keys {
  /** Hash: what is known of a deployment. */
  record(id: number | string): string
  /** List: the statuses it was given, oldest first; the record's field `sent` says how many GitHub has. */
  statuses(id: number | string): string
  /** Stream: the lines of its log. */
  log(id: number | string): string
  /** String: the token of the one process that may write its statuses to GitHub now. */
  writer(id: number | string): string
  /** Hash: who may tell how it went, and what was told. List: what it says meanwhile, until that is in its log. */
  callback(id: number | string): string
  callbackLog(id: number | string): string
  /** Hash: what people said of it, as JSON, by their names in small letters. */
  approvals(id: number | string): string
  /** Hash: who runs in a lane, until when, and how many have. */
  lane(repositoryId: number, environment: string): string
  /** Hash: the deployments that are ready and wait in a lane, and when each was last heard of. */
  waiting(repositoryId: number, environment: string): string
  /** Hash: the deployments of a lane that something holds back, and what does, as JSON. */
  held(repositoryId: number, environment: string): string
  /** Sorted sets of deployment ids: all, a repository's, a lane's. */
  all: string
  /** Set: all lanes that had a deployment, as `<repository id>:<environment>`. */
  lanes: string
  ofRepository(repositoryId: number): string
  ofLane(repositoryId: number, environment: string): string
  /** Sorted set: a repository's deployments whose task is to lock or unlock; no lane has them. */
  lockTasks(repositoryId: number): string
  /** Sorted set: how each deployment that began has ended, by when; ./outcome-script.ts has its form. */
  outcomes: string
}

/** The keys below a prefix. */
export function deploymentKeys(prefix: string): Keys {
  return {
    record: (id) => `${prefix}:deployment:${id}`,
    statuses: (id) => `${prefix}:deployment:${id}:statuses`,
    log: (id) => `${prefix}:deployment:${id}:log`,
    writer: (id) => `${prefix}:deployment:${id}:writer`,
    callback: (id) => `${prefix}:deployment:${id}:callback`,
    callbackLog: (id) => `${prefix}:deployment:${id}:callback-log`,
    approvals: (id) => `${prefix}:deployment:${id}:approvals`,
    lane: (repositoryId, environment) => `${prefix}:lane:${repositoryId}:${environment}`,
    waiting: (repositoryId, environment) => `${prefix}:lane-waiting:${repositoryId}:${environment}`,
    held: (repositoryId, environment) => `${prefix}:lane-held:${repositoryId}:${environment}`,
    all: `${prefix}:deployments`,
    lanes: `${prefix}:lanes`,
    ofRepository: (repositoryId) => `${prefix}:repository-deployments:${repositoryId}`,
    ofLane: (repositoryId, environment) => `${prefix}:lane-deployments:${repositoryId}:${environment}`,
    lockTasks: (repositoryId) => `${prefix}:repository-lock-tasks:${repositoryId}`,
    outcomes: `${prefix}:outcomes`,
  }
}
