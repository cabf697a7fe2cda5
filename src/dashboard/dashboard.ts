import type { FastifyInstance } from 'fastify'
import { assetRoutes } from './assets.ts'
import { liveRoute } from './live.ts'
import type { DashboardOptions } from './options.ts'
import { deploymentPage } from './pages/deployment.tsx'
import { gridPage } from './pages/grid.tsx'
import { repositoryPage } from './pages/repository.tsx'
import { signInPage } from './pages/sign-in.tsx'

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

async function pages(app: FastifyInstance, options: DashboardOptions) {
  app.addHook('onRequest', async (request) => {
    request.changesUntil = await options.feed.last()
  })
  await app.register(gridPage, options)
  await app.register(deploymentPage, options)
  await app.register(repositoryPage, options)
  await app.register(signInPage, options)
}
