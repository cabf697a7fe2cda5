/** The chat room that a deployment was asked for in, and who asked, as hubot-deploy's payload names them. */
export interface AskedIn {
  adapter?: string
  room?: string
  /** Their name there; their id, where it has no name. */
  user?: string
  threadId?: string
}

/** Longer than the names of rooms and users in any chat: what is longer was put there to be in the way. */
const longest = 200

/**
 * Reads hubot-deploy's `notify`. Whoever may create deployments may write anything there: it says where something is told, never
 * who may do something.
 *
 * @see https://github.com/atmos/hubot-deploy
 */
export function readAskedIn(notify: unknown): AskedIn | undefined {
  if (typeof notify !== 'object' || notify === null) return undefined
  const fields = new Map<string, unknown>(Object.entries(notify))
  const read = (field: string): string | undefined => {
    const value = fields.get(field)
    const text = typeof value === 'number' ? String(value) : value
    return typeof text === 'string' && text.trim() !== '' && text.length <= longest ? text : undefined
  }
  const [adapter, room, threadId] = [read('adapter'), read('room'), read('thread_id')]
  const user = read('user_name') ?? read('user')
  if (room === undefined && user === undefined) return undefined
  return {
    ...(adapter === undefined ? {} : { adapter }),
    ...(room === undefined ? {} : { room }),
    ...(user === undefined ? {} : { user }),
    ...(threadId === undefined ? {} : { threadId }),
  }
}
