import type { Access } from '../access/access.ts'
import type { Tokens } from '../access/tokens.ts'
import type { Sources } from '../api/sources.ts'
import type { Audit } from '../audit/audit.ts'
import type { Operations } from '../operations/operations.ts'
import type { SignInWays } from '../sign-in/ways.ts'
import type { Notices } from './notices.ts'
import type { RenderPage } from './render.tsx'

/** What the pages are made with. */
export interface DashboardOptions {
  renderPage: RenderPage
  sources: Sources
  /** Who may do what: where a button leads is asked again when it is pressed. */
  access: Access
  operations: Operations
  audit: Audit
  tokens: Tokens
  notices: Notices
  /** How people can sign in now. */
  signInWays(): SignInWays
}
