// A bare BullMQ worker that makes the calls of a plain deployment with undici: no record, no lane, no lease.
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { Pool } from 'undici'
import { redisUrl } from './environment.mjs'

const github = new Pool(process.env.GITHUB_API_URL ?? '', { connections: 20 })
const headers = {
  authorization: `token ${process.env.GITHUB_TOKEN}`,
  accept: 'application/vnd.github.v3+json',
  'content-type': 'application/json; charset=utf-8',
  'user-agent': 'yardstick',
}

/**
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @param {object} [body]
 */
async function call(method, path, body) {
  const answer = await github.request({ method, path, headers, body: body ? JSON.stringify(body) : null })
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode}`)
  return answer.body.json()
}

new Worker(
  'deployments',
  async ({ data: { repository, deployment } }) => {
    const path = `/repos/${repository.owner}/${repository.name}/deployments/${deployment.id}/statuses`
    await call('GET', `${path}?per_page=100`)
    for (const state of ['pending', 'in_progress', 'success']) {
      await call('POST', path, { state, description: `Now ${state}.`, log_url: 'http://localhost:4567/' })
    }
  },
  {
    connection: new Redis(redisUrl, { maxRetriesPerRequest: null }),
    prefix: 'yardstick',
    concurrency: Number(process.env.WORKER_CONCURRENCY ?? 10),
    drainDelay: 1,
  },
).on('error', (error) => console.error(error.message))
