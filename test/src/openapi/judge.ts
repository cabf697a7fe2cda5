import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Test } from 'tap'
import type { Answer, Receiver } from '../../fixtures/receiver.ts'

export interface Operation {
  operationId?: string
  tags?: string[]
  summary?: string
  description?: string
  security?: object[]
  parameters?: { in: string; name: string; required?: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<
    string,
    { description: string; content?: Record<string, { schema: object }>; headers?: object }
  >
}

export interface Document {
  openapi: string
  servers: { url: string }[]
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

/** The document that a receiver gives. */
export async function documentOf(receiver: Receiver): Promise<Document> {
  const { status, body } = await receiver.api('/openapi.json')
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body as unknown as Document
}

export const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method,
      operation,
      name: `${method} ${path}`,
    })),
  )

/** Judges answers by the document. */
export function judgeOf(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const judges = new Map<object, ValidateFunction>()
  return (
    t: Test,
    path: string,
    { status, body }: Pick<Answer, 'status' | 'body'>,
    method = 'get',
    type = 'application/json',
  ) => {
    const responses = document.paths[path]?.[method]?.responses ?? {}
    const documented = String(status) in responses ? String(status) : 'default'
    t.ok(String(status) in responses, `${method} ${path} says that it may answer ${status}`)
    const schema = responses[documented]?.content?.[type]?.schema ?? {}
    const judge = judges.get(schema) ?? ajv.compile({ ...schema, components: document.components })
    judges.set(schema, judge)
    t.ok(judge(body), `${method} ${path} answers ${status} as it says`, { errors: judge.errors, body })
  }
}
