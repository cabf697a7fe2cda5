import { isAmong } from './place.js'
import { openSaid } from './said.js'
import { whyNotSigned } from './signature.js'

/** Hubot reads application/json before any script can: what is signed are the bytes, so they come as this. */
export const noticeType = 'application/vnd.livraison.notice+json'

const mostBytes = 64 * 1024

/**
 * `POST /livraison/notices`: `{ id, room, text }`, signed, is said in the room; twice the same id is said once.
 *
 * @param {import('./robot.js').Robot} robot @param {import('./settings.js').Settings} settings
 */
export function addNotices(robot, settings) {
  const say = createSay(robot)
  robot.router.post('/livraison/notices', async (request, response) => {
    const { status, ...answer } = await take(request, settings, say).catch((error) => {
      robot.logger.error(`A notice was not said: ${error instanceof Error ? error.message : error}`)
      return { status: 503, message: 'The room could not be told now: tell it again in a while.' }
    })
    if (status >= 400) robot.logger.warn(`A notice was refused (${status}): ${answer.message}`)
    // What is left of a body that is too large is not waited for.
    if (status === 413) response.setHeader('connection', 'close')
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(answer))
  })
}

/**
 * @typedef {{ status: number, message: string, outcome?: 'said' | 'said before' }} Answer
 * @typedef {(notice: { id: string, room: string, text: string }) => Promise<Answer>} Say
 */

/** @param {import('./robot.js').Robot} robot @returns {Say} */
function createSay(robot) {
  const said = openSaid(robot.brain)
  /** What is being said: whoever tells the same again meanwhile gets the same answer. @type {Map<string, Promise<Answer>>} */
  const saying = new Map()
  return async ({ id, room, text }) => {
    if (said.has(id)) return { status: 200, outcome: 'said before', message: 'It was said before.' }
    const before = saying.get(id)
    if (before) return before
    const now = (async () => {
      await robot.messageRoom(room, text)
      said.add(id)
      return { status: 200, outcome: /** @type {const} */ ('said'), message: `It is said in ${room}.` }
    })().finally(() => saying.delete(id))
    saying.set(id, now)
    return now
  }
}

/**
 * @param {import('node:http').IncomingMessage} request @param {import('./settings.js').Settings} settings @param {Say} say
 * @returns {Promise<Answer>}
 */
async function take(request, { secrets, rooms }, say) {
  if (secrets.length === 0) {
    return { status: 403, message: 'Notices are not taken: set HUBOT_LIVRAISON_SECRET for Hubot.' }
  }
  if (request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== noticeType) {
    return { status: 415, message: `A notice comes as ${noticeType}.` }
  }
  const body = await readBody(request)
  if (body === undefined) return { status: 413, message: `A notice has at most ${mostBytes} bytes.` }
  const timestamp = request.headers['x-livraison-timestamp']
  const signature = request.headers['x-livraison-signature-256']
  const unsigned = whyNotSigned({ body, timestamp, signature }, secrets, Date.now())
  if (unsigned !== undefined) return { status: 401, message: unsigned }
  const notice = readNotice(body)
  if (notice === undefined) {
    return { status: 400, message: 'A notice is JSON with the texts id, room and text, and nothing else.' }
  }
  if (rooms.length > 0 && !isAmong([notice.room], rooms)) {
    return { status: 404, message: `${notice.room} is not among HUBOT_LIVRAISON_ROOMS.` }
  }
  return say(notice)
}

/** Undefined: it is too large. @param {import('node:http').IncomingMessage} request */
async function readBody(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > mostBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** @param {Buffer} body */
function readNotice(body) {
  try {
    const { id, room, text, ...more } = JSON.parse(body.toString('utf8'))
    const isText = (/** @type {unknown} */ value, /** @type {number} */ most) =>
      typeof value === 'string' && value.trim() !== '' && value.length <= most
    const isNotice = isText(id, 200) && isText(room, 200) && isText(text, mostBytes)
    return isNotice && Object.keys(more).length === 0 ? { id, room, text } : undefined
  } catch {
    return undefined
  }
}
