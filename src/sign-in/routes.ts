import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../access/actor.ts'
import { openAttempts } from '../access/attempts.ts'
import { addressOf } from '../access/caller-address.ts'
import { type SessionCookie, sessionCookie } from '../access/cookie.ts'
import { isSame } from '../access/digests.ts'
import type { Identity } from '../access/identity.ts'
import { isFromOwnPage } from '../access/own-origin.ts'
import { hasCsrfToken, setSessionOf } from '../access/session-of.ts'
import type { SignedIn } from '../access/sessions.ts'
import type { Audit } from '../audit/audit.ts'
import type { RulesInForce } from '../config/rules.ts'
import { messageOf } from '../errors/errors.ts'
import { isRedisAway, redisIsAway } from '../redis/away.ts'
import { type SignInFailure, signInFailures } from './failures.ts'
import { type OAuthApp, openGitHubSignIn } from './github.ts'
import { ownPath } from './own-path.ts'
import { gitHubLacks } from './ways.ts'

export interface SignInOptions {
  identity: Identity
  audit: Audit
  oauth?: OAuthApp | undefined
  rules: RulesInForce
  publicUrl: string
  githubUrl: string
  githubApiUrl: string
  githubCa?: string | undefined
}

const mostWrongPasswords = 10
const mostReturns = 300
/** A password and a path need no more, and anybody may send it. */
const bodyLimit = 16 * 1024
const anybody = { bodyLimit, config: { role: 'anybody' } } as const

/**
 * `POST /sign-in` with ADMIN_TOKEN, `GET /sign-in/github` and back, `POST /sign-out`. What fails leads back to the page to sign
 * in on, with the reason.
 */
export async function signInRoutes(app: FastifyInstance, options: SignInOptions) {
  const { identity, audit, oauth, rules, publicUrl } = options
  const { sessions, access, adminToken } = identity
  const cookie = sessionCookie(publicUrl, sessions.longestMs)
  const passwords = openAttempts(identity.redis, identity.prefix, 'password', mostWrongPasswords)
  const returns = openAttempts(identity.redis, identity.prefix, 'github', mostReturns)
  const github = oauth && (await openGitHubSignIn(app, { ...options, oauth }))

  app.addHook('onRequest', async (_request, reply) => void reply.header('Cache-Control', 'no-store'))
  app.setErrorHandler((error) => {
    throw isRedisAway(error) ? redisIsAway() : error
  })

  const enter = async (request: FastifyRequest, reply: FastifyReply, who: SignedIn, to: string) => {
    await endSession(cookie, identity, request)
    cookie.set(reply, await sessions.begin(who))
    await note(audit, 'sign-in', who, 'done', `${who.name} signed in.`)
    return reply.redirect(ownPath(to), 303)
  }

  app.post('/sign-in', anybody, async (request, reply) => {
    const { password, to } = fieldsOf(request.body)
    const fail = (failure: SignInFailure) => sendBack(reply, failure, to)
    if (!isFromOwnPage(request, publicUrl)) return fail('page')
    if (adminToken === undefined) return fail('no-admin-token')
    const address = addressOf(request)
    if ((await passwords.count(address)) > 0) return fail('limited')
    if (typeof password !== 'string' || !isSame(password.trim(), adminToken)) {
      request.log.warn({ address }, 'somebody tried to sign in with a wrong ADMIN_TOKEN')
      const nobody = { kind: 'admin', name: 'ADMIN_TOKEN' } as const
      await note(audit, 'sign-in', nobody, 'forbidden', signInFailures.password)
      return fail('password')
    }
    await passwords.forget(address)
    return enter(request, reply, { kind: 'admin', name: 'ADMIN_TOKEN' }, ownPath(to))
  })

  app.get('/sign-in/github', anybody, async (request, reply) => {
    const lack = gitHubLacks(github !== undefined, rules)
    if (github === undefined || lack !== undefined) return sendBack(reply, lack ?? 'no-oauth')
    return reply.redirect(await github.begin(request, reply))
  })

  app.get('/sign-in/github/callback', anybody, async (request, reply) => {
    const fail = (failure: SignInFailure) => sendBack(reply, failure)
    const lack = gitHubLacks(github !== undefined, rules)
    if (github === undefined || lack !== undefined) return fail(lack ?? 'no-oauth')
    if ((await returns.count(addressOf(request))) > 0) return fail('limited')
    if ((request.query as Record<string, unknown>).error === 'access_denied') return fail('denied')
    const came = await github.end(request, reply).catch((error: unknown) => {
      request.log.warn({ reason: messageOf(error) }, 'GitHub did not say who wants to sign in')
    })
    if (came === undefined) return fail('github')
    if (came === 'state') return fail('state')
    const who = { kind: 'person', name: came.login } as const
    const may = await access.maySignIn(came.login).catch((error: unknown) => {
      request.log.warn({ reason: messageOf(error) }, `${came.login} could not be let in`)
    })
    if (may === undefined) return fail('unavailable')
    if (may) return enter(request, reply, who, came.to)
    await note(audit, 'sign-in', who, 'forbidden', `${came.login} may not sign in.`)
    return fail('not-allowed')
  })

  app.post('/sign-out', anybody, async (request, reply) => {
    const id = cookie.read(request)
    const who = id === undefined ? undefined : await sessions.find(id)
    if (id !== undefined && who !== undefined) {
      setSessionOf(request, id)
      if (!isFromOwnPage(request, publicUrl) || !hasCsrfToken(request)) return sendBack(reply, 'page')
      await sessions.end(id)
      await note(audit, 'sign-out', who, 'done', `${who.name} signed out.`)
    }
    cookie.clear(reply)
    return reply.redirect('/sign-in', 303)
  })
}

/** A session that a browser came with ends where another begins. */
async function endSession(cookie: SessionCookie, { sessions }: Identity, request: FastifyRequest) {
  const id = cookie.read(request)
  if (id !== undefined) await sessions.end(id)
}

function sendBack(reply: FastifyReply, failure: SignInFailure, to?: unknown) {
  const query = new URLSearchParams({ failed: failure })
  const path = ownPath(to)
  if (path !== '/') query.set('to', path)
  return reply.redirect(`/sign-in?${query}`, 303)
}

function fieldsOf(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

async function note(
  audit: Audit,
  action: string,
  who: Pick<Actor, 'kind' | 'name'>,
  outcome: string,
  text: string,
): Promise<void> {
  const actor = { kind: who.kind, name: who.name, face: 'dashboard' } as const
  await audit.note({ action, actor, outcome, text })
}
