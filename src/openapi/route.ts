import { z } from 'zod'
import type { ApiApp } from './schemas.ts'

const document = z
  .looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) })
  .meta({ description: 'An OpenAPI 3.1 document' })

/** `GET /api/openapi.json`: what all routes take and answer. */
export async function openApiRoute(app: ApiApp) {
  app.get(
    '/openapi.json',
    {
      config: { role: 'signed-in' },
      schema: {
        operationId: 'getOpenApi',
        tags: ['about'],
        summary: 'This document',
        response: { 200: document },
      },
    },
    async () => document.parse(app.swagger()),
  )
}
