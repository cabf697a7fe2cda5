import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { userNamed } from '../world.ts'
import { giveCode, type OAuthError, takeCode } from './app.ts'
import { renderAuthorize } from './page.ts'

const PATH = '/login/oauth/authorize'

/**
 * GitHub's web application flow: a page that asks as whom (`?login=` says it at once), and tokens for codes.
 *
 * @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#web-application-flow
 */
export function serveOAuth(server: FastifyInstance, { world }: ServerParts): void {
  const { oauth } = world

  server.get(PATH, (request, reply) => {
    const asked = new URL(request.raw.url ?? '', world.url).searchParams
    const redirectUri = asked.get('redirect_uri') ?? ''
    if (asked.get('client_id') !== oauth.id) throw new Refusal(404, 'Not Found')
    if (!/^https?:\/\//.test(redirectUri) || !URL.canParse(redirectUri)) {
      throw new Refusal(400, 'The sandbox needs a redirect_uri')
    }
    const challenge = asked.get('code_challenge')
    if (challenge !== null && asked.get('code_challenge_method') !== 'S256') {
      throw new Refusal(400, 'GitHub takes the code_challenge_method S256 only')
    }
    const backWith = (query: Record<string, string>) => {
      const url = new URL(redirectUri)
      for (const [name, value] of Object.entries({ ...query, state: asked.get('state') ?? '' })) {
        url.searchParams.set(name, value)
      }
      return url.href
    }
    const login = asked.get('login')
    if (login) {
      const code = giveCode(oauth, { user: userNamed(world, login), redirectUri, challenge })
      return reply.redirect(backWith({ code }))
    }
    const people = [...world.users.values()].filter(({ type }) => type === 'User')
    const addressFor = (name: string) => `${PATH}?${new URLSearchParams([...asked, ['login', name]])}`
    const denied = {
      error: 'access_denied',
      error_description: 'The user has denied your application access.',
    }
    const page = renderAuthorize(people.map((user) => user.login).sort(), addressFor, backWith(denied))
    return reply.type('text/html; charset=utf-8').send(page)
  })

  server.post('/login/oauth/access_token', (request, reply) => {
    const given = takeCode(oauth, fieldsOf(request))
    const answer =
      typeof given === 'string' ? { error: given, error_description: words[given] } : grant(given)
    return answerAs(request, reply, answer)
  })
}

const words: Record<OAuthError, string> = {
  incorrect_client_credentials: 'The client_id and/or client_secret passed are incorrect.',
  redirect_uri_mismatch: 'The redirect_uri MUST match the registered callback URL for this application.',
  bad_verification_code: 'The code passed is incorrect or expired.',
}

function grant({ token }: { token: string }): Record<string, string> {
  return { access_token: token, scope: '', token_type: 'bearer' }
}

function fieldsOf(request: FastifyRequest): Record<string, string> {
  const text = Buffer.isBuffer(request.body) ? request.body.toString() : ''
  const isJson = request.headers['content-type']?.startsWith('application/json')
  return isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))
}

/** A form, unless JSON is asked for. */
function answerAs({ headers }: FastifyRequest, reply: FastifyReply, answer: Record<string, string>) {
  if (headers.accept?.includes('application/json')) return reply.send(answer)
  return reply.type('application/x-www-form-urlencoded').send(new URLSearchParams(answer).toString())
}
