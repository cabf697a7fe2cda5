import { readQueueName } from '../jobs/pools.ts'
import type { ApiApp } from '../openapi/schemas.ts'
import type { Roster } from '../workers/roster.ts'
import { type WorkersAnswer, workersSchema } from './schema/worker.ts'
import type { Sources } from './sources.ts'

const schema = {
  operationId: 'listWorkers',
  tags: ['workers'],
  summary: 'Which workers are running, with which labels',
  description:
    'Those that were heard of in the last seconds, and what nobody is running for. Workers of 0.1 do not tell of themselves.',
  response: { 200: workersSchema },
}

/** `GET /api/workers`: who is there. */
export async function workersRoute(app: ApiApp, { workers }: Pick<Sources, 'workers'>) {
  app.get('/workers', { config: { role: 'viewer' }, schema }, async () => presentRoster(await workers.look()))
}

function presentRoster({ workers, unattended }: Roster): WorkersAnswer {
  return {
    workers: workers.map(({ startedAt, labels, ...each }) => ({
      ...each,
      labels: [...labels],
      startedAt: new Date(startedAt).toISOString(),
    })),
    unattended: [...unattended].flatMap(([name, since]) => {
      const queue = readQueueName(name)
      return queue
        ? [{ what: queue.base, labels: [...queue.labels], since: new Date(since).toISOString() }]
        : []
    }),
  }
}
