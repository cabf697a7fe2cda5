/** What the exit status says; `livraison --help` tells people the same. */
export const exitStatus = {
  done: 0,
  /** The deployment failed, or what was asked for was refused as things stand. */
  refused: 1,
  askedWrongly: 2,
  /** Not signed in, or the role is not enough. */
  notAllowed: 3,
  /** Livraison, or GitHub behind it, cannot be reached. */
  unreachable: 4,
  /** Waited as long as was allowed. */
  tooLate: 5,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus]

/** Ends the command: with words for people on standard error, and an exit status for scripts. */
export class Stop extends Error {
  override name = 'Stop'
  readonly status: ExitStatus

  constructor(status: ExitStatus, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.status = status
  }
}

/** What the help says of it. */
export const exitStatusHelp = `Exit status:
  0  done
  1  the deployment failed, or it was refused as things stand (locked, already over, ...)
  2  asked wrongly, or for something that is not there
  3  not signed in, or not allowed
  4  Livraison or GitHub cannot be reached
  5  waited as long as was allowed`
