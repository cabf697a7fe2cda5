import type { Test } from 'tap'
import { startChatServer } from '../fixtures/chats/chat-server.ts'
import { shop } from '../fixtures/fleet.ts'

/** Answers with what it was asked, as programs that help to find mistakes do. */
export async function startEcho(t: Test) {
  return startChatServer(t, ({ path, headers, body, query }) => {
    if (path === '/told') return { status: 204 }
    if (path.startsWith('/slack')) return { status: 200, body: 'ok' }
    const echo = JSON.stringify({ path, headers, query: Object.fromEntries(query), body })
    return {
      status: path === '/echo' ? 400 : 404,
      body: echo,
      headers: { 'content-type': 'application/json' },
    }
  })
}

/** Where the crawl begins; what is not linked from any page is listed. */
export function addresses(deployments: number[]): string[] {
  const api = [
    'deployments',
    'deliveries',
    'channels',
    'figures',
    'locks',
    'freezes',
    'audit',
    'tokens',
    'overview',
    'me',
    'openapi.json',
  ]
  return [
    ...api.map((name) => `/api/${name}`),
    ...deployments.flatMap((id) => [
      `/api/deployments/${shop}/${id}`,
      `/api/deployments/${shop}/${id}/log`,
      `/deployments/${shop}/${id}/log`,
    ]),
    ...['production', 'broken', 'asked'].map((environment) => `/api/why/${shop}/${environment}`),
    ...['deployments', 'events', 'checks'].map(
      (queue) => `/queue/raw/api/queues?activeQueue=${queue}&page=1&jobsPerPage=100`,
    ),
    ...[
      '/',
      '/queue',
      '/queue/raw',
      '/audit',
      '/audit/export',
      '/tokens',
      '/locks',
      '/figures',
      '/deliveries',
      '/why',
      '/metrics',
      '/readyz',
      '/nowhere',
    ],
  ]
}
