import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { ValidateFunction } from 'ajv'
import { indexPaths } from './paths.ts'
import { createCompiler, type Json, problemsOf, resolveRef, type SchemaCompiler } from './schema.ts'

/** An operation of GitHub's API, as one request names it. */
export interface Operation {
  /** GitHub's operationId, e.g. `repos/create-deployment`. */
  id: string
  method: string
  pattern: string
  params: Record<string, string>
}

/** GitHub's OpenAPI description of its REST API, as a judge of requests and answers. */
export interface Description {
  /** The operation that method and path name (path below the API's root, still encoded), or null. */
  match(method: string, path: string): Operation | null
  /** Every way in which GitHub would refuse the request; none if it would not. */
  problemsOfRequest(operation: Operation, query: Record<string, string>, body: unknown): string[]
  /** Every way in which an answer differs from what is described for its status. */
  problemsOfAnswer(operation: Operation, status: number, body: unknown): string[]
}

/** Bodies in which an unknown property would silently do nothing at GitHub. */
const CLOSED_BODIES = new Set(['repos/create-deployment', 'repos/create-deployment-status'])

let parsed: Description | undefined

/** The description, parsed once per process at the first call (13 MB). */
export function describeGitHub(): Description {
  parsed ??= parseDescription()
  return parsed
}

function parseDescription(): Description {
  const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json')
  const document = JSON.parse(readFileSync(file, 'utf8')) as Json
  const paths = indexPaths(document.paths as Record<string, Json>)
  const bodies = createCompiler(document, {})
  const parameters = createCompiler(document, { coerce: true })
  const answers = createCompiler(document, { emptyAddresses: true })
  const compiled = new Map<string, ValidateFunction>()

  const check = (
    { id }: Operation,
    where: string,
    value: unknown,
    compiler: SchemaCompiler,
    schema: () => unknown,
  ): string[] => {
    const key = `${id} ${where}`
    const validate = compiled.get(key) ?? compiler.compile(schema())
    compiled.set(key, validate)
    return problemsOf(validate, value, where)
  }

  const described = ({ method, pattern }: Operation): Json =>
    (paths.at(pattern)?.operations[method.toLowerCase()] ?? {}) as Json

  const problemsOfBody = (operation: Operation, body: unknown): string[] => {
    const request = resolveRef(document, described(operation).requestBody) as Json | undefined
    const schema = contentSchema(request)
    if (!schema) return []
    if (body === undefined) return request?.required === true ? ['body: is missing'] : []
    return check(operation, 'body', body, bodies, () =>
      CLOSED_BODIES.has(operation.id) ? { ...(schema as Json), additionalProperties: false } : schema,
    )
  }

  return {
    match(method, path) {
      const found = paths.find(method, path)
      if (!found) return null
      const { operationId } = found.item.operations[method.toLowerCase()] as { operationId: string }
      return { id: operationId, method, pattern: found.item.pattern, params: found.params }
    },
    problemsOfRequest(operation, query, body) {
      const schemaOf = (where: string) => () => parameterSchema(document, described(operation), where)
      return [
        ...check(operation, 'path', { ...operation.params }, parameters, schemaOf('path')),
        ...check(operation, 'query', { ...query }, parameters, schemaOf('query')),
        ...problemsOfBody(operation, body),
      ]
    },
    problemsOfAnswer(operation, status, body) {
      const responses = (described(operation).responses ?? {}) as Json
      const response = resolveRef(document, responses[String(status)]) as Json | undefined
      if (!response) return [`status ${status} is not described`]
      const schema = contentSchema(response)
      if (!schema) return body === undefined ? [] : [`${status}: no body is described`]
      return check(operation, String(status), body, answers, () => schema)
    },
  }
}

function parameterSchema(document: Json, operation: Json, where: string): Json {
  const all = ((operation.parameters ?? []) as unknown[]).map((each) => resolveRef(document, each) as Json)
  const here = all.filter((parameter) => parameter.in === where)
  return {
    type: 'object',
    properties: Object.fromEntries(here.map(({ name, schema }) => [name, schema])),
    required: here.filter(({ required }) => required === true).map(({ name }) => name),
  }
}

function contentSchema(holder: Json | undefined): unknown {
  const content = holder?.content as Record<string, Json> | undefined
  return content?.['application/json']?.schema
}
