/** What the fault test may find. */
export type ProblemKind =
  /** Something that was acknowledged has come to nothing. */
  | 'lost'
  /** Two deployments of one merge, or the same status twice. */
  | 'duplicate'
  /** A status after a later one, or without the one before it. */
  | 'order'
  /** Two runs of a lane at the same time. */
  | 'overlap'
  /** A run that had lost its lane was reported. */
  | 'false report'
  /** Work was done again without need, or against the environment's policy. */
  | 'needless rerun'
  /** The record or a queue holds something that is not over. */
  | 'left over'
  | 'violation'
  | 'orphan'

export interface Problem {
  kind: ProblemKind
  message: string
  /** The deployment whose story tells more. */
  deployment?: number
}
