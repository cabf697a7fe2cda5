import { createPrivateKey, sign } from 'node:crypto'
import type { AppCredentials } from '../credentials.ts'

/** GitHub's clock may be a minute behind ours, and five ahead or behind before a token is not taken. */
const backdatedSeconds = 60
const goodForSeconds = 5 * 60
/** The same is used again until this is left of it. */
const leftSeconds = 60

/**
 * Makes an App's word for itself, a JSON Web Token; `now` is in milliseconds since 1970.
 *
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function createJwtMaker({ id, privateKey }: AppCredentials): (nowMs: number) => string {
  const key = createPrivateKey(privateKey)
  let made = { token: '', at: 0, until: 0 }
  return (nowMs) => {
    const now = Math.floor(nowMs / 1000)
    // A clock that was put back makes one anew, too.
    if (now < made.at || now > made.until - leftSeconds) {
      const until = now + goodForSeconds
      const claims = { iat: now - backdatedSeconds, exp: until, iss: String(id) }
      const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
      made = {
        token: `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`,
        at: now,
        until,
      }
    }
    return made.token
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
