import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { Refusal } from '../errors/refusal.ts'
import { isRedisAway, redisIsAway } from '../redis/away.ts'
import type { Actor } from './actor.ts'
import { addressOf } from './caller-address.ts'
import { sessionCookie } from './cookie.ts'
import { type Caller, createIdentify } from './identify.ts'
import type { Identity } from './identity.ts'
import { isFromOwnPage, isSafe } from './own-origin.ts'
import type { Role } from './role.ts'
import type { RouteRole } from './route-role.ts'
import { hasCsrfToken, sessionOf, setSessionOf } from './session-of.ts'

export interface EnforceOptions {
  identity: Identity
  publicUrl: string
  /** Whether there is an OAuth app that people can sign in with. */
  hasOAuth: boolean
  /** How many requests each caller may make in a minute. */
  requestsPerMinute: number
}

/** A route and who may use it. */
export interface RouteAccess {
  method: string
  url: string
  role: RouteRole
}

declare module 'fastify' {
  interface FastifyInstance {
    /** All routes, once the app is ready, but for those that only refuse a method. */
    routeAccess(): RouteAccess[]
  }
}

/**
 * Before anything else is done with a request: who sent it (`request.actor`), and whether they may. Each route names the role
 * that it needs (`config.role`); an app with one that does not will not start. To be called before routes are added.
 */
export async function enforceAccess(app: FastifyInstance, options: EnforceOptions): Promise<void> {
  const { identity, publicUrl, hasOAuth } = options
  const isClosed = identity.adminToken === undefined && !hasOAuth
  const limit = await createLimit(app, identity, options.requestsPerMinute)
  const identify = createIdentify(identity, sessionCookie(publicUrl, identity.sessions.longestMs))
  app.decorateRequest('actor', null)
  listRoutes(app)

  const enforce = async (
    request: FastifyRequest,
    reply: FastifyReply,
    role: Exclude<RouteRole, 'anybody'> | undefined,
  ) => {
    reply.header('Cache-Control', 'no-store')
    if (role === undefined) return
    if (isClosed && isForMachines(request)) throw closed()
    const caller = await identify(request).catch(sayThatRedisIsAway)
    await limit(request, reply, caller)
    if (caller.actor === undefined) return refuseStranger(request, reply, caller)
    request.actor = caller.actor
    if (caller.session !== undefined) {
      setSessionOf(request, caller.session)
      if (!isSafe(request.method) && !isFromOwnPage(request, publicUrl)) throw foreignPage()
    }
    await refuseUnlessAllowed(identity, request, caller.actor, role).catch(sayThatRedisIsAway)
  }

  // Without a promise where nobody is asked for: that is each delivery.
  app.addHook('onRequest', (request, reply, done) => {
    const role = neededRole(request)
    if (role === 'anybody') return done()
    return enforce(request, reply, role)
  })

  app.addHook('preValidation', (request, _reply, done) => {
    const isOurs = isSafe(request.method) || sessionOf(request) === undefined || hasCsrfToken(request)
    done(isOurs ? undefined : foreignPage())
  })
}

/** Below /api, what is not there is told only to those who may use what is. */
function neededRole(request: FastifyRequest): RouteRole | undefined {
  if (!request.is404) return request.routeOptions.config.role ?? 'admin'
  return isForMachines(request) ? 'signed-in' : undefined
}

/** The API, and what Prometheus reads. By the route, not by how its address was written. */
function isForMachines(request: FastifyRequest): boolean {
  const path = request.routeOptions.url ?? decodePath(request.url)
  return /^\/(api|metrics)(\/|$)/i.test(path)
}

function decodePath(url: string): string {
  const path = url.split(/[?#]/)[0] ?? ''
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** One that names no role keeps the app from starting; plugins may name it in a hook of their own, so this waits for them. */
function listRoutes(app: FastifyInstance): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.addHook('onReady', async () => {
    const without = routes.find(({ config }) => config?.role === undefined)
    if (without) throw new Error(`${without.method} ${without.url} does not say who may use it: config.role`)
  })
  app.decorate('routeAccess', () =>
    routes
      .filter(({ config }) => !config?.refusesMethod)
      .flatMap(({ method, url, config }) =>
        [method].flat().map((each) => ({ method: each, url, role: config?.role ?? 'admin' })),
      ),
  )
}

type Limit = (request: FastifyRequest, reply: FastifyReply, caller: Caller) => Promise<void>

/** Lets each caller make so many requests in a minute: by who they are, or, of strangers, by address, half as many. */
async function createLimit(
  app: FastifyInstance,
  { redis, prefix }: Identity,
  perMinute: number,
): Promise<Limit> {
  const callers = new WeakMap<FastifyRequest, Caller>()
  const actorOf = (request: FastifyRequest) => callers.get(request)?.actor
  await app.register(rateLimit, {
    global: false,
    redis,
    nameSpace: `${prefix}:rate:`,
    // While Redis is away nobody gets as far as this.
    skipOnError: true,
    timeWindow: 60_000,
    max: (request) => (actorOf(request) === undefined ? Math.ceil(perMinute / 2) : perMinute),
    keyGenerator: (request) => {
      const actor = actorOf(request)
      return actor === undefined
        ? `address:${addressOf(request)}`
        : `${actor.kind}:${actor.tokenId ?? actor.name}`
    },
  })
  const count = app.createRateLimit()
  return async (request, reply, caller) => {
    callers.set(request, caller)
    const counted = await count(request)
    if (counted.isAllowed || !counted.isExceeded) return
    throw tooMany(reply, counted.ttl, 'These are too many requests.')
  }
}

/** A stranger gets 401 from the API, and from pages the page to sign in on. */
function refuseStranger(
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller & { actor?: undefined },
) {
  if (caller.reason === 'blocked') {
    throw tooMany(reply, caller.leftMs, 'From this address, too many tokens that are none were sent.')
  }
  if (isForMachines(request) || caller.reason === 'wrong') {
    reply.header('WWW-Authenticate', 'Bearer')
    throw new Refusal(
      401,
      caller.reason === 'none'
        ? 'Send the header "Authorization: Bearer TOKEN", with ADMIN_TOKEN or an API token.'
        : 'This is neither ADMIN_TOKEN nor an API token that is in force.',
    )
  }
  const back = isSafe(request.method) ? `?to=${encodeURIComponent(request.url)}` : ''
  return reply.redirect(`/sign-in${back}`, isSafe(request.method) ? 302 : 303)
}

async function refuseUnlessAllowed(
  { access }: Identity,
  request: FastifyRequest,
  actor: Actor,
  role: Exclude<RouteRole, 'anybody'>,
): Promise<void> {
  if (role === 'signed-in') {
    if (actor.kind !== 'person' || (await access.maySignIn(actor.name))) return
    throw new Refusal(
      403,
      `${actor.name} may not sign in any more: \`access\` in livraison.yml says who may.`,
    )
  }
  const repository = repositoryOf(request)
  if (await access.allows(actor, role, repository)) return
  throw tooWeak(actor, role, repository)
}

/** The repository of a path; of a list that can be asked for one, that one. */
function repositoryOf(request: FastifyRequest): string | undefined {
  const { owner, repo } = request.params as Record<string, string | undefined>
  if (owner !== undefined && repo !== undefined) return `${owner}/${repo}`
  if (!request.routeOptions.config.listsRepository) return undefined
  const { repository } = request.query as Record<string, unknown>
  return typeof repository === 'string' ? repository : undefined
}

function tooWeak(actor: Actor, role: Role, repository: string | undefined): Refusal {
  const where = repository === undefined ? 'in all repositories' : `in ${repository}`
  return new Refusal(403, `This needs the role ${role} ${where}, which ${actor.name} does not have.`)
}

function foreignPage(): Refusal {
  return new Refusal(
    403,
    'This did not come from a page of ours that was made for you: go back, load the page again and try again.',
  )
}

function tooMany(reply: FastifyReply, leftMs: number, what: string): Refusal {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000))
  reply.header('Retry-After', seconds)
  return new Refusal(429, `${what} Try again in ${seconds} s.`)
}

function closed(): Refusal {
  return new Refusal(
    403,
    'The API is closed: set ADMIN_TOKEN to a long random text (openssl rand -hex 32) and restart the receiver.',
  )
}

function sayThatRedisIsAway(error: unknown): never {
  throw isRedisAway(error) ? redisIsAway() : error
}
