import type { FastifyInstance } from 'fastify'
import type { Sources } from '../api/sources.ts'
import type { Operations } from '../operations/operations.ts'
import { assetRoutes } from './assets.ts'
import type { Notices } from './notices.ts'
import { signInPage } from './pages/sign-in.tsx'
import type { RenderPage } from './render.tsx'

export interface DashboardOptions {
  renderPage: RenderPage
  sources: Sources
  /** How people may sign in. */
  signIn: { github: boolean; token: boolean }
  operations: Operations
  notices: Notices
}

/**
 * The pages for people. One file in `pages/` for each: a plugin that gets these options, whose routes name their role, read
 * what they show, and answer with `renderPage`.
 */
export async function dashboard(app: FastifyInstance, options: DashboardOptions) {
  await app.register(assetRoutes)
  await app.register(signInPage, options)
}
