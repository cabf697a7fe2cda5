import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ApiLog, type ApiRequest, recordRequest, recordViolation } from './api-log.ts'
import { type AppCaller, appCallerOf, refuseUnpermitted } from './apps/caller.ts'
import { describeGitHub, type Operation } from './description/description.ts'
import { editionHeaders, refuseByEdition } from './edition.ts'
import type { Faults } from './faults.ts'
import { rateLimitHeaders } from './rate-limit.ts'
import { malformed, notFound, Refusal } from './refusal.ts'
import { type Answer, replyWith } from './reply.ts'
import type { User } from './state.ts'
import { fullNameOf, renamedFrom, tell, type World } from './world.ts'

/** One call of the API, when it has been found good. */
export interface Call {
  world: World
  user: User
  /** The App, or the installation of one, whose token it is; undefined: it is nobody's of an App's. */
  caller: AppCaller | undefined
  params: Record<string, string>
  query: Record<string, string>
  body: Record<string, unknown>
  /** Path below the API's root. */
  path: string
  /** The API's root as the client knows it. */
  apiUrl: string
}

export type { Answer } from './reply.ts'

export type Handler = (call: Call) => Answer | Promise<Answer>

export interface Api {
  world: World
  token: string
  faults: Faults
  /** By operationId. */
  handlers: Record<string, Handler>
  log: ApiLog
}

/** Answers one request below the API's root: fault, authorization, validation, handler, record. */
export async function answerApi(api: Api, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { pathname, searchParams } = new URL(request.raw.url ?? '/', 'http://sandbox')
  const path = byName(api.world, pathname.slice('/api/v3'.length) || '/')
  const operation = describeGitHub().match(request.method, path)
  const record = recordRequest(api.log, request, path, Object.fromEntries(searchParams), operation)
  const body = parseJson(request.body)
  record.body = body.value
  const fault = api.faults.strike({ operation: record.operationId, method: record.method, path })
  record.fault = fault ?? null
  tell(api.world, { what: 'request received', id: record.operationId ?? path })
  const act = () => ordinaryAnswer(api, request, record, operation, body.bad)
  record.status = await replyWith(reply, fault?.answer, act)
  tell(api.world, { what: 'request answered', id: record.operationId ?? path, state: String(record.status) })
}

/** The answer that GitHub would give, refusals included. */
async function ordinaryAnswer(
  api: Api,
  request: FastifyRequest,
  record: ApiRequest,
  operation: Operation | null,
  badBody: boolean,
): Promise<Answer> {
  const limits = { ...rateLimitHeaders(api.log.requests.length), ...editionHeaders(api.world.edition) }
  try {
    const caller = callerOf(api, request)
    const person = caller === 'bot' || 'kind' in caller ? undefined : caller
    const app = caller !== 'bot' && 'kind' in caller ? caller : undefined
    if (!operation) throw malformed(404, 'Not Found', [`GitHub has no ${record.method} ${record.path}`])
    const apiUrl = `${request.protocol}://${request.host}/api/v3`
    redirectOldName(api.world, operation, record, apiUrl)
    if (app) refuseUnpermitted(api.world, app, operation)
    if (badBody) throw malformed(400, 'Problems parsing JSON', ['body: is not JSON'])
    if (person && operation.id !== 'users/get-authenticated') throw noScope()
    refuseByEdition(api.world.edition, operation.id, request.headers['x-github-api-version'])
    refuseInvalid(operation, record)
    const handler = api.handlers[operation.id]
    if (!handler) throw unknownHere(operation)
    const answer = await handler({
      world: api.world,
      user: app ? botOf(app) : (person ?? api.world.bot),
      caller: app,
      params: operation.params,
      query: record.query,
      body: (record.body ?? {}) as Record<string, unknown>,
      path: record.path,
      apiUrl,
    })
    return unlessKnown(request, { ...answer, headers: { ...limits, ...answer.headers } })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.problems.length > 0) recordViolation(api.log, record, error.problems)
    return { status: error.status, body: error.body, headers: { ...limits, ...error.headers } }
  }
}

/**
 * What the client has already, by its mark, is not sent again.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
function unlessKnown({ method, headers }: FastifyRequest, answer: Answer): Answer {
  if (method !== 'GET' || answer.status !== 200) return answer
  const digest = createHash('sha256')
    .update(JSON.stringify(answer.body ?? null))
    .digest('hex')
  const etag = `W/"${digest}"`
  const marked = { ...answer.headers, etag }
  if (headers['if-none-match'] === etag) return { status: 304, headers: marked }
  return { ...answer, headers: marked }
}

/** Whose token it is: an App's, that of somebody who gave it to the OAuth app, or the bot's. */
function callerOf({ token, world }: Api, { method, url, headers }: FastifyRequest): AppCaller | User | 'bot' {
  if (!headers['user-agent']) {
    const message =
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.'
    throw malformed(403, message, ['no User-Agent header'])
  }
  // The code in its address is all that this call needs.
  if (method === 'POST' && /^\/api\/v3\/app-manifests\/[^/]+\/conversions$/.test(url)) return 'bot'
  if (!headers.authorization) throw new Refusal(401, 'Requires authentication')
  const [scheme = '', value = ''] = headers.authorization.split(' ')
  if (!/^(token|bearer)$/i.test(scheme)) throw new Refusal(401, 'Bad credentials')
  if (value === token) return 'bot'
  const caller = world.oauth.tokens.get(value) ?? appCallerOf(world, value)
  if (!caller) throw new Refusal(401, 'Bad credentials')
  return caller
}

function botOf(caller: AppCaller): User {
  return caller.kind === 'app' ? caller.app.bot : caller.given.installation.app.bot
}

/** No scope was asked for, so such a token is good for who somebody is, and nothing else. */
function noScope(): Refusal {
  const message = 'Resource not accessible by a token without scopes'
  return malformed(403, message, [message])
}

function refuseInvalid(operation: Operation, { query, body }: ApiRequest): void {
  const problems = describeGitHub().problemsOfRequest(operation, query, body)
  if (problems.length > 0) throw malformed(422, `Invalid request.\n\n${problems.join('\n')}`, problems)
}

/** Said as a violation too, so that a test that meets it fails for the right reason. */
function unknownHere({ id }: Operation): Refusal {
  const message = `The sandbox does not know ${id} yet`
  return malformed(501, message, [message])
}

function parseJson(body: unknown): { value: unknown; bad: boolean } {
  if (!Buffer.isBuffer(body) || body.length === 0) return { value: undefined, bad: false }
  const text = body.toString()
  try {
    return { value: JSON.parse(text), bad: false }
  } catch {
    return { value: text, bad: true }
  }
}

/** `/repositories/{id}/…` is where GitHub's redirects of renamed repositories lead. */
function byName(world: World, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? []
  const repository = id === undefined ? undefined : world.repositories.get(Number(id))
  return repository ? `/repos/${fullNameOf(repository)}${rest}` : path
}

function redirectOldName(
  world: World,
  { params }: Operation,
  { path, query }: ApiRequest,
  apiUrl: string,
): void {
  const { owner, repo } = params
  if (!owner || !repo) return
  const id = world.names.get(`${owner}/${repo}`.toLowerCase())
  if (id === undefined || !world.repositories.has(id)) throw notFound()
  if (!renamedFrom(world, `${owner}/${repo}`)) return
  const rest = path.split('/').slice(4)
  const search = new URLSearchParams(query).toString()
  const url = `${[`${apiUrl}/repositories/${id}`, ...rest].join('/')}${search ? `?${search}` : ''}`
  throw new Refusal(301, 'Moved Permanently', { url }, { location: url })
}
