/** Through what somebody spoke to us: an operation is told the same, and says the same, through each. */
export const faces = ['dashboard', 'api', 'cli', 'github', 'comment', 'slack', 'hubot'] as const
export type Face = (typeof faces)[number]

export const actorKinds = ['person', 'token', 'admin', 'github'] as const

/** Somebody who asks for something. Who they are has been proven; what they may do is asked of {@link Access}. */
export interface Actor {
  /**
   * A person with a GitHub account; an API token; whoever knows ADMIN_TOKEN; or GitHub itself, in whose name a
   * deployment's task asks (`deploy:lock`).
   */
  kind: (typeof actorKinds)[number]
  /** The login, the token's name, or `ADMIN_TOKEN`: how people are told who it was. */
  name: string
  /** The token's id, for what it may do. */
  tokenId?: string
  face: Face
}
