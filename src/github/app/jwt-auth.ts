import type { Auth, RefusedAnswer, Signed } from '../auth.ts'
import type { AppCredentials } from '../credentials.ts'
import { createJwtMaker } from './jwt.ts'

/** By less than this, clocks differ anyway. */
const noticeableMs = 5000

/** Signs calls as the App itself; only its own routes take that. A clock that differs from GitHub's is allowed for. */
export function jwtAuth(credentials: AppCredentials, now: () => number = Date.now): Auth {
  const make = createJwtMaker(credentials)
  /** How far GitHub's clock is ahead of ours. */
  let aheadMs = 0
  const signNow = (): Signed => ({ token: make(now() + aheadMs) })
  return {
    sign: async () => signNow(),

    async signAgain(_call, _signed, { status, headers }: RefusedAnswer) {
      const theirsMs = Date.parse(String(headers.date ?? ''))
      if (status !== 401 || Number.isNaN(theirsMs)) return undefined
      const found = theirsMs - now()
      if (Math.abs(found - aheadMs) < noticeableMs) return undefined
      aheadMs = found
      return signNow()
    },

    explain() {},
    learn() {},
    tokenFor: async () => make(now() + aheadMs),
    advice: 'Are GITHUB_APP_ID and the private key those of one and the same GitHub App?',
  }
}
