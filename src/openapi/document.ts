import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { version } from '../version.ts'
import { describeRoute } from './describe-route.ts'
import { tidy } from './tidy.ts'

/**
 * Collects the schemas of all routes that are added after it; the document is made of them at the first request for it.
 * Routes below `/api` are in it, and others whose schema has an `operationId`.
 */
export async function openApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Livraison',
        version,
        description: 'What Livraison knows and does. All errors have one shape; lists come in pages.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: publicUrl }],
      tags,
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    stripBasePath: false,
    transform: describeRoute,
    transformObject: (document) => tidy(jsonSchemaTransformObject(document) as object),
  })
}

const tags = [
  { name: 'deployments', description: 'Deployments, their statuses and logs' },
  { name: 'overview', description: 'How things stand, and how well changes get to production' },
  { name: 'locks', description: 'What people hold deployments back by: locks and freezes' },
  { name: 'checks', description: 'Checks of pull requests' },
  { name: 'deliveries', description: 'Webhooks that came in' },
  { name: 'events', description: 'All that changes, as it changes' },
  { name: 'workers', description: 'Who does the work' },
  { name: 'channels', description: 'Who is told of deployments' },
  { name: 'audit', description: 'Who did what, and through what' },
  { name: 'access', description: 'Who calls, and the tokens of machines' },
  { name: 'machines', description: 'What GitHub, deployers and monitors call' },
  { name: 'about', description: 'What this server is and does' },
]
