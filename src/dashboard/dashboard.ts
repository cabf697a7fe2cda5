import type { FastifyInstance } from 'fastify'
import type { Sources } from '../api/sources.ts'
import type { Feed } from '../feed/feed.ts'
import type { Operations } from '../operations/operations.ts'
import { assetRoutes } from './assets.ts'
import { liveRoute } from './live.ts'
import type { Notices } from './notices.ts'
import { deliveriesPage } from './pages/deliveries.tsx'
import { deliveryPage } from './pages/delivery.tsx'
import { deploymentOperationPages } from './pages/deployment-operations.tsx'
import { freezePages } from './pages/freeze.tsx'
import { lockPages } from './pages/lock.tsx'
import { queuePage } from './pages/queue.tsx'
import { signInPage } from './pages/sign-in.tsx'
import { whyPage } from './pages/why.tsx'
import type { RenderPage } from './render.tsx'

export interface DashboardOptions {
  renderPage: RenderPage
  sources: Sources
  feed: Feed
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
  await app.register(liveRoute, options)
  await app.register(pages, options)
  // Else those who follow would keep the server from ending.
  app.addHook('preClose', async () => options.feed.close())
}

const allPages = [
  signInPage,
  deliveriesPage,
  deliveryPage,
  deploymentOperationPages,
  freezePages,
  lockPages,
  queuePage,
  whyPage,
]

async function pages(app: FastifyInstance, options: DashboardOptions) {
  app.addHook('onRequest', async (request) => {
    request.changesUntil = await options.feed.last()
  })
  for (const page of allPages) await app.register(page, options)
}
