import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Queues } from '../../jobs/queues.ts'

/**
 * bull-board, as an app of its own that listens nowhere: whoever may see it hands requests in. It changes nothing,
 * whatever it is asked.
 */
export async function buildBoard(queues: Queues, basePath: string): Promise<FastifyInstance> {
  const serverAdapter = new FastifyAdapter()
  serverAdapter.setBasePath(basePath)
  createBullBoard({
    queues: [queues.deployments, queues.events, queues.checks].map(
      (queue) => new BullMQAdapter(queue, { readOnlyMode: true }),
    ),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Livraison: the raw queues', boardLogo: { path: '' } } },
  })
  const board = Fastify()
  await board.register(serverAdapter.registerPlugin())
  await board.ready()
  return board
}
