import { verify } from 'node:crypto'
import { Refusal } from '../refusal.ts'
import { now, type World } from '../world.ts'
import type { RegisteredApp } from './state.ts'

/** An App's word for itself may be good for ten minutes at most, and not be from the future. */
const longestSeconds = 600
const skewSeconds = 30

/** Whether this looks like a JSON Web Token; tokens of another kind that hold dots begin with `gh`. */
export function isJwt(token: string): boolean {
  return token.startsWith('ey') && token.split('.').length === 3
}

/**
 * The App that signed a JSON Web Token; throws GitHub's 401 if none did, or not as it should be.
 *
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function appOfJwt(world: World, token: string): RegisteredApp {
  const [head = '', claims = '', signature = ''] = token.split('.')
  const { alg } = decode(head)
  const { iss, iat, exp } = decode(claims)
  const app = [...world.apps.registered.values()].find(
    ({ id, clientId }) => String(iss) === String(id) || iss === clientId,
  )
  const seconds = now() / 1000
  if (!app || alg !== 'RS256') throw undecodable()
  const signed = Buffer.from(`${head}.${claims}`)
  if (!verify('sha256', signed, app.publicKey, Buffer.from(signature, 'base64url'))) throw undecodable()
  if (typeof exp !== 'number' || exp <= seconds) {
    throw new Refusal(401, "'Expiration time' claim ('exp') must be a numeric value in the future")
  }
  if (exp > seconds + longestSeconds + skewSeconds) {
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
  }
  if (typeof iat !== 'number' || iat > seconds) {
    const must = 'must be an Integer representing the time that the assertion was issued'
    throw new Refusal(401, `'Issued at' claim ('iat') ${must}`)
  }
  return app
}

function decode(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  } catch {
    throw undecodable()
  }
}

function undecodable(): Refusal {
  return new Refusal(401, 'A JSON web token could not be decoded')
}
