import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Description, describeGitHub, type Operation } from './description.ts'
import type { Fault, Faults } from './faults.ts'
import { Refusal } from './refusal.ts'
import type { User } from './state.ts'
import { fullNameOf, now, renamedFrom, tell, type World } from './world.ts'

/** One call of the API, when it has been found good. */
export interface Call {
  world: World
  user: User
  params: Record<string, string>
  query: Record<string, string>
  body: Record<string, unknown>
  /** Path below the API's root and query, as asked for. */
  path: string
}

export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export type Handler = (call: Call) => Answer | Promise<Answer>

/** One request of the API as the sandbox remembers it. */
export interface ApiRequest {
  at: number
  method: string
  path: string
  operationId: string | null
  /** 0 while unanswered, and when the connection was cut before an answer. */
  status: number
  authorization: string | null
  userAgent: string | null
  apiVersion: string | null
  body: unknown
  fault: Fault | null
}

/** A request that GitHub's description (or its rules in words) would refuse. */
export interface Violation {
  at: number
  method: string
  path: string
  operationId: string | null
  problems: string[]
}

export interface ApiLog {
  requests: ApiRequest[]
  violations: Violation[]
}

interface Api {
  world: World
  token: string
  faults: Faults
  handlers: Record<string, Handler>
  log: ApiLog
}

/** Answers one request below the API's root: fault, authorization, validation, handler, record. */
export async function answerApi(api: Api, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { pathname, searchParams } = new URL(request.raw.url ?? '/', 'http://sandbox')
  const path = byName(api.world, pathname.slice('/api/v3'.length) || '/')
  const description = describeGitHub()
  const operation = description.match(request.method, path)
  const record = recordOf(request, path, operation)
  api.log.requests.push(record)
  const fault = api.faults.strike({ operation: operation?.id ?? null, method: request.method, path })
  record.fault = fault ?? null
  const query = Object.fromEntries(searchParams)
  const act = () => handle(api, description, request, record, operation, path, query)
  await answerWith(reply, record, fault, act)
  tell(api.world, { what: 'request answered', id: record.operationId ?? path, state: String(record.status) })
}

async function answerWith(
  reply: FastifyReply,
  record: ApiRequest,
  fault: Fault | undefined,
  act: () => Promise<Answer>,
): Promise<void> {
  const how = fault?.answer
  if (how === 'reset-before') {
    reply.hijack()
    reply.raw.socket?.resetAndDestroy()
    return
  }
  if (how === 'hang') {
    reply.hijack()
    await new Promise((resolve) => reply.raw.once('close', resolve))
    return
  }
  if (typeof how === 'object' && 'status' in how) return write(reply, record, how)
  if (typeof how === 'object') await new Promise((resolve) => setTimeout(resolve, how.delayMs))
  const answer = await act()
  if (how === 'reset-after') cut(reply, record, answer)
  else write(reply, record, answer)
}

function write(reply: FastifyReply, record: ApiRequest, { status, body, headers = {} }: Answer): void {
  record.status = status
  reply.code(status).headers({ 'x-github-request-id': 'SANDBOX', ...headers })
  if (body === undefined) reply.send()
  else reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
}

/** Sends half of the answer, then cuts the connection. */
function cut(reply: FastifyReply, record: ApiRequest, { status, body }: Answer): void {
  record.status = status
  const text = Buffer.from(JSON.stringify(body ?? {}))
  reply.hijack()
  reply.raw.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length })
  reply.raw.write(text.subarray(0, text.length / 2), () => reply.raw.socket?.destroy())
}

async function handle(
  api: Api,
  description: Description,
  request: FastifyRequest,
  record: ApiRequest,
  operation: Operation | null,
  path: string,
  query: Record<string, string>,
): Promise<Answer> {
  const headers = rateLimitOf(api.log.requests.length)
  const violate = (problems: string[]) => {
    const { at, method, operationId } = record
    api.log.violations.push({ at, method, path, operationId, problems })
  }
  try {
    if (!request.headers['user-agent']) {
      violate(['no User-Agent header'])
      throw new Refusal(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
      )
    }
    refuseStrangers(api.token, request.headers.authorization)
    if (!operation) {
      violate([`GitHub's API has no ${request.method} ${path}`])
      throw new Refusal(404, 'Not Found')
    }
    redirectOldName(api.world, operation, path, request.raw.url ?? '')
    record.body = parseBody(request.body, violate)
    const { params } = operation
    const problems = description.problemsOfRequest(operation, request.method, {
      params,
      query,
      body: record.body,
    })
    if (problems.length > 0) {
      violate(problems)
      throw new Refusal(422, `Invalid request.\n\n${problems.join('\n')}`)
    }
    const handler = api.handlers[operation.id]
    if (!handler) {
      violate([`the sandbox does not know ${operation.id} yet`])
      throw new Refusal(501, `The sandbox does not know ${operation.id} yet`)
    }
    const body = (record.body ?? {}) as Record<string, unknown>
    const answer = await handler({ world: api.world, user: api.world.bot, params, query, body, path })
    return { ...answer, headers: { ...headers, ...answer.headers } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.status === 422 && !api.log.violations.some(({ at }) => at === record.at))
      violate([error.message])
    return { status: error.status, body: error.body, headers: { ...headers, ...error.headers } }
  }
}

function recordOf(request: FastifyRequest, path: string, operation: Operation | null): ApiRequest {
  return {
    at: now(),
    method: request.method,
    path,
    operationId: operation?.id ?? null,
    status: 0,
    authorization: request.headers.authorization?.split(' ', 1)[0]?.toLowerCase() ?? null,
    userAgent: request.headers['user-agent'] ?? null,
    apiVersion: request.headers['x-github-api-version']?.toString() ?? null,
    body: undefined,
    fault: null,
  }
}

function refuseStrangers(token: string, authorization: string | undefined): void {
  if (!authorization) throw new Refusal(401, 'Requires authentication')
  const [scheme = '', value] = authorization.split(' ')
  const good = /^(token|bearer)$/i.test(scheme) && value === token
  if (!good) throw new Refusal(401, 'Bad credentials')
}

function parseBody(body: unknown, violate: (problems: string[]) => void): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined
  try {
    return JSON.parse(body.toString())
  } catch {
    violate(['body: not JSON'])
    throw new Refusal(400, 'Problems parsing JSON')
  }
}

/** `/repositories/{id}/…` is where GitHub's redirects of renamed repositories lead. */
function byName(world: World, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? []
  const repository = id === undefined ? undefined : world.repositories.get(Number(id))
  return repository ? `/repos/${fullNameOf(repository)}${rest}` : path
}

function redirectOldName(world: World, { params }: Operation, path: string, rawUrl: string): void {
  const { owner, repo } = params
  if (!owner || !repo) return
  const repository = renamedFrom(world, `${owner}/${repo}`)
  if (!repository) return
  const rest = path.split('/').slice(4).join('/')
  const search = rawUrl.includes('?') ? rawUrl.slice(rawUrl.indexOf('?')) : ''
  const url = `${world.apiUrl}/repositories/${repository.id}${rest ? `/${rest}` : ''}${search}`
  throw new Refusal(301, 'Moved Permanently', { url }, { location: url })
}

const HOURLY_LIMIT = 15_000

/** The primary rate limit, counted but never enforced: a fault does that. */
export function rateLimitOf(used: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(HOURLY_LIMIT),
    'x-ratelimit-remaining': String(Math.max(1, HOURLY_LIMIT - used)),
    'x-ratelimit-used': String(Math.min(used, HOURLY_LIMIT - 1)),
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
    'x-ratelimit-resource': 'core',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
  }
}
