import type { FastifyInstance } from 'fastify'
import { assetRoutes } from './assets.ts'
import type { DashboardOptions } from './dashboard-options.ts'
import { liveRoute } from './live.ts'
import { auditPage } from './pages/audit.tsx'
import { deliveriesPage } from './pages/deliveries.tsx'
import { deliveryPage } from './pages/delivery.tsx'
import { deployPage } from './pages/deploy.tsx'
import { deploymentPage } from './pages/deployment.tsx'
import { deploymentOperationPages } from './pages/deployment-operations.tsx'
import { figuresPage } from './pages/figures.tsx'
import { freezePages } from './pages/freeze.tsx'
import { gridPage } from './pages/grid.tsx'
import { lockPages } from './pages/lock.tsx'
import { locksPage } from './pages/locks.tsx'
import { queuePage } from './pages/queue.tsx'
import { replayPage } from './pages/replay.tsx'
import { repositoryPage } from './pages/repository.tsx'
import { signInPage } from './pages/sign-in.tsx'
import { tokensPage } from './pages/tokens.tsx'
import { whyPage } from './pages/why.tsx'

/**
 * The pages for people. One file in `pages/` for each: a plugin that gets these options, whose routes name their role, read
 * what they show, and answer with `renderPage`.
 */
export async function dashboard(app: FastifyInstance, options: DashboardOptions) {
  await app.register(assetRoutes)
  await app.register(liveRoute, options.sources)
  await app.register(pages, options)
}

const allPages = [
  deploymentPage,
  gridPage,
  repositoryPage,
  signInPage,
  deliveriesPage,
  deliveryPage,
  deploymentOperationPages,
  figuresPage,
  freezePages,
  lockPages,
  queuePage,
  auditPage,
  deployPage,
  locksPage,
  replayPage,
  tokensPage,
  whyPage,
]

async function pages(app: FastifyInstance, options: DashboardOptions) {
  app.addHook('onRequest', async (request) => {
    request.changesUntil = await options.sources.feed.last()
  })
  for (const page of allPages) await app.register(page, options)
}
