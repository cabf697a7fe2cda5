/**
 * Who says something, and where, as the chat knows them.
 *
 * @typedef {object} AskedBy
 * @property {string} robot
 * @property {string} adapter
 * @property {string} room
 * @property {{ id: string, name: string, email?: string }} user
 * @property {string} [messageId]
 * @property {string} [threadId]
 */

/** @param {import('./robot.js').Robot} robot @param {import('./robot.js').Message} message @returns {AskedBy} */
export function askedBy(robot, message) {
  const { user } = message
  const threadId = message.metadata?.thread_id ?? message.thread_ts
  return {
    robot: robot.name,
    adapter: String(robot.adapterName ?? 'unknown').toLowerCase(),
    room: String(message.room ?? user.room ?? ''),
    user: {
      id: String(user.id),
      name: String(user.name ?? user.id),
      ...(typeof user.email_address === 'string' ? { email: user.email_address } : {}),
    },
    ...(message.id === undefined ? {} : { messageId: String(message.id) }),
    ...(threadId === undefined ? {} : { threadId: String(threadId) }),
  }
}

/**
 * A deployment's payload as hubot-deploy writes it, for whatever runs it: Livraison, Heaven.
 *
 * @param {AskedBy} by @param {import('./place.js').Place} place @param {string | undefined} hosts
 */
export function payloadOf(by, { app, entry }, hosts) {
  return {
    name: app,
    robotName: by.robot,
    hosts: hosts ?? '',
    notify: {
      adapter: by.adapter,
      room: by.room,
      user: by.user.id,
      user_name: by.user.name,
      message_id: by.messageId,
      thread_id: by.threadId,
    },
    config: entry?.config ?? {},
  }
}
