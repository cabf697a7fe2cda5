import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { signedHeaders } from './signature.js'

/** An operation may take 10 seconds until what it asked for is made. */
const answerMs = 30_000
/** Asked again under the same id, nothing is done twice. */
const waitsMs = [1000, 4000]
const neverHeard = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/**
 * Has Livraison do something, and gives what it says of it, a line each.
 *
 * @param {import('./settings.js').Settings} settings
 * @param {import('./asked-by.js').AskedBy} by
 * @param {Record<string, unknown>} command
 * @returns {Promise<string[]>}
 */
export async function askLivraison(settings, by, command) {
  const body = JSON.stringify({ id: randomUUID(), ...by, command })
  for (const waitMs of waitsMs) {
    const answer = await post(settings, body)
    if ('lines' in answer) return answer.lines
    await sleep(answer.retryMs ?? waitMs)
  }
  const last = await post(settings, body)
  return 'lines' in last ? last.lines : [last.trouble]
}

/**
 * @param {import('./settings.js').Settings} settings @param {string} body
 * @returns {Promise<{ lines: string[] } | { trouble: string, retryMs?: number }>}
 */
async function post({ livraisonUrl = '', secrets }, body) {
  const headers = { 'content-type': 'application/json', ...signedHeaders(secrets[0], body, Date.now()) }
  /** @type {RequestInit} */
  const request = { method: 'POST', redirect: 'manual', headers, body, signal: AbortSignal.timeout(answerMs) }
  try {
    const response = await fetch(`${livraisonUrl}/hubot/commands`, request)
    const answer = readAnswer(await response.text())
    if (response.status === 200 && answer.text !== undefined) {
      return { lines: [answer.text, ...answer.lines] }
    }
    const said = answer.message ?? `It answered ${response.status}.`
    const trouble = `Livraison does not do it: ${said}`
    // 409: what was asked before, by this id, is still being done.
    if (![409, 502, 503, 504].includes(response.status)) return { lines: [trouble] }
    const seconds = Number(response.headers.get('retry-after'))
    return { trouble, ...(seconds > 0 && seconds <= 10 ? { retryMs: seconds * 1000 } : {}) }
  } catch (error) {
    const reason = reasonOf(error)
    const heard = neverHeard.includes(reason) ? 'Nothing was asked.' : 'Whether it has heard, its pages tell.'
    return { trouble: `Livraison could not be asked (${reason}). ${heard}` }
  }
}

/** @param {string} text @returns {{ text?: string, lines: string[], message?: string }} */
function readAnswer(text) {
  try {
    const { text: said, lines, message } = JSON.parse(text)
    return {
      ...(typeof said === 'string' ? { text: said } : {}),
      lines: Array.isArray(lines) ? lines.map(String) : [],
      ...(typeof message === 'string' ? { message } : {}),
    }
  } catch {
    return { lines: [] }
  }
}

/** Messages of fetch tell nothing; what caused them does. @param {unknown} error */
export function reasonOf(error) {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : error.message
}
