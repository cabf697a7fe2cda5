import type { Sources } from '../api/sources.ts'
import type { Feed } from '../feed/feed.ts'
import type { SignInWays } from '../sign-in/ways.ts'
import type { RenderPage } from './page.ts'

/** What each page is given. */
export interface DashboardOptions {
  renderPage: RenderPage
  sources: Sources
  feed: Feed
  /** How people can sign in now. */
  signInWays(): SignInWays
}
