import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

/** What GitHub's description says of one request. */
export interface Operation {
  id: string
  params: Record<string, string>
  /** The path's pattern, e.g. `/repos/{owner}/{repo}`. */
  pattern: string
}

export interface RequestParts {
  params: Record<string, string>
  query: Record<string, string>
  body: unknown
}

/** GitHub's OpenAPI description of its REST API, as a judge of requests and answers. */
export interface Description {
  /** The operation that method and path name (path below the API's root, still encoded), or null. */
  match(method: string, path: string): Operation | null
  /** Every way in which GitHub would refuse the request; none if it would not. */
  problemsOfRequest(operation: Operation, method: string, request: RequestParts): string[]
  /** Every way in which an answer differs from the schema that the description gives for its status. */
  problemsOfAnswer(operation: Operation, method: string, status: number, body: unknown): string[]
}

type Json = Record<string, unknown>

interface Route {
  pattern: string
  regexp: RegExp
  names: string[]
  operations: Json
}

/** Parameters that may hold slashes as they are. */
const DEEP = new Set(['ref', 'basehead', 'path', 'branch', 'base', 'head'])
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
  const buckets = routesByBucket(document.paths as Record<string, Json>)
  const validators = new Map<string, ValidateFunction>()
  const strict = newAjv({ coerceTypes: false })
  const answers = newAjv({ coerceTypes: false })
  // GitHub itself answers '' where a status has no address.
  answers.addFormat('uri', (text) => text === '' || URL.canParse(text))
  const coercing = newAjv({ coerceTypes: 'array' })

  const validatorFor = (key: string, ajv: Ajv, schema: () => unknown): ValidateFunction => {
    const known = validators.get(key)
    if (known) return known
    const made = ajv.compile(toJsonSchema(document, schema(), []) as Json)
    validators.set(key, made)
    return made
  }

  const operationOf = (operation: Operation, method: string): Json => {
    const routes = [...(buckets.get(bucketOf(operation.pattern)) ?? [])]
    const route = routes.find(({ pattern }) => pattern === operation.pattern)
    return (route?.operations[method.toLowerCase()] ?? {}) as Json
  }

  return {
    match(method, path) {
      for (const { regexp, names, operations, pattern } of buckets.get(bucketOf(path)) ?? []) {
        const found = regexp.exec(path)
        const operation = operations[method.toLowerCase()] as Json | undefined
        if (!found || !operation) continue
        const values = names.map((name, index) => [name, decode(found[index + 1] ?? '')])
        return { id: operation.operationId as string, pattern, params: Object.fromEntries(values) }
      }
      return null
    },
    problemsOfRequest(operation, method, { params, query, body }) {
      const described = operationOf(operation, method)
      const check = (where: 'path' | 'query', values: Record<string, string>) =>
        problems(
          validatorFor(`${operation.id} ${where}`, coercing, () => parameters(document, described, where)),
          { ...values },
          where,
        )
      const bodySchema = requestBodyOf(document, described)
      const required = (deref(document, described.requestBody) as Json | undefined)?.required === true
      return [
        ...check('path', params),
        ...check('query', query),
        ...(body === undefined
          ? required && bodySchema
            ? ['body: is missing']
            : []
          : bodySchema
            ? problems(
                validatorFor(`${operation.id} body`, strict, () =>
                  CLOSED_BODIES.has(operation.id)
                    ? { ...(deref(document, bodySchema) as Json), additionalProperties: false }
                    : bodySchema,
                ),
                body,
                'body',
              )
            : []),
      ]
    },
    problemsOfAnswer(operation, method, status, body) {
      const responses = (operationOf(operation, method).responses ?? {}) as Json
      const response = deref(document, responses[String(status)]) as Json | undefined
      if (!response) return [`status ${status} is not described`]
      const schema = contentSchema(response)
      if (!schema) return body === undefined ? [] : ['body: none is described']
      return problems(
        validatorFor(`${operation.id} ${status}`, answers, () => schema),
        body,
        'answer',
      )
    },
  }
}

function newAjv(options: { coerceTypes: boolean | 'array' }): Ajv {
  const ajv = new Ajv({ ...options, strict: false, allErrors: true, validateFormats: true, logger: false })
  formats.default(ajv)
  ajv.addFormat('repo.nwo', true)
  return ajv
}

function problems(validate: ValidateFunction, value: unknown, where: string): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map((error) => inWords(error, where))
}

function inWords({ instancePath, message, params }: ErrorObject, where: string): string {
  const more = params.allowedValues ?? params.additionalProperty
  return `${where}${instancePath}: ${message}${more ? ` (${[more].flat().join(', ')})` : ''}`
}

function parameters(document: Json, operation: Json, where: 'path' | 'query'): Json {
  const listed = ((operation.parameters ?? []) as unknown[]).map((each) => deref(document, each) as Json)
  const here = listed.filter((parameter) => parameter.in === where)
  return {
    type: 'object',
    properties: Object.fromEntries(here.map(({ name, schema }) => [name, schema])),
    required: here.filter(({ required }) => required === true).map(({ name }) => name),
  }
}

function requestBodyOf(document: Json, operation: Json): unknown {
  const body = deref(document, operation.requestBody) as Json | undefined
  return body && contentSchema(body)
}

function contentSchema(holder: Json): unknown {
  const content = holder.content as Record<string, Json> | undefined
  return content?.['application/json']?.schema
}

function deref(document: Json, value: unknown): unknown {
  const ref = (value as Json | undefined)?.$ref
  if (typeof ref !== 'string') return value
  return deref(
    document,
    ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Json)[key.replaceAll('~1', '/').replaceAll('~0', '~')], document),
  )
}

/** OpenAPI 3.0's dialect to JSON Schema: references put in place, `nullable` as a type of its own. */
function toJsonSchema(document: Json, schema: unknown, within: string[]): unknown {
  if (Array.isArray(schema)) return schema.map((each) => toJsonSchema(document, each, within))
  if (typeof schema !== 'object' || schema === null) return schema
  const { $ref, nullable, example, examples, description, ...rest } = schema as Json
  if (typeof $ref === 'string') {
    if (within.includes($ref)) return {}
    return toJsonSchema(document, deref(document, schema), [...within, $ref])
  }
  const converted = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, convertKeyword(document, key, value, within)]),
  )
  return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted
}

function convertKeyword(document: Json, key: string, value: unknown, within: string[]): unknown {
  if (key === 'enum' || key === 'required' || key === 'default') return value
  if (key !== 'properties') return toJsonSchema(document, value, within)
  return Object.fromEntries(
    Object.entries(value as Json).map(([name, schema]) => [name, toJsonSchema(document, schema, within)]),
  )
}

function routesByBucket(paths: Record<string, Json>): Map<string, Route[]> {
  const buckets = new Map<string, Route[]>()
  const plain = (pattern: string) => pattern.split('/').filter((part) => !part.startsWith('{')).length
  const patterns = Object.keys(paths).sort((a, b) => plain(b) - plain(a))
  for (const pattern of patterns) {
    const names = [...pattern.matchAll(/\{([^}]+)\}/g)].map((found) => found[1] as string)
    const source = pattern
      .split(/(\{[^}]+\})/)
      .map((part) =>
        part.startsWith('{') ? (DEEP.has(part.slice(1, -1)) ? '(.+)' : '([^/]+)') : literally(part),
      )
      .join('')
    const route = { pattern, names, regexp: new RegExp(`^${source}$`), operations: paths[pattern] as Json }
    const bucket = bucketOf(pattern)
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), route])
  }
  return buckets
}

/** Paths of one bucket are tried one by one: the first word, and below a repository the fourth. */
function bucketOf(path: string): string {
  const [, first = '', , , fourth = ''] = path.split('/')
  return first === 'repos' ? `repos ${fourth}` : first
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
