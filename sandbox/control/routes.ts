import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Acts } from '../acts/index.ts'
import type { PullRequest } from '../acts/pulls.ts'
import type { HookRequest } from '../acts/repositories.ts'
import { Refusal } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import type { Permission } from '../state.ts'
import { followEvents } from './events.ts'
import { addFault } from './faults.ts'
import { takeSnapshot } from './snapshot.ts'

type Params = Record<'owner' | 'name' | 'number' | 'guid', string>
type Body = Record<string, unknown>

/** Does one thing with the sandbox and gives what to answer. */
type Act = (fullName: string, body: Body, params: Params) => unknown

/** The sandbox's own controls, for other processes and for the page's forms: below /sandbox. */
export function serveControl(server: FastifyInstance, { world, faults, log, acts }: ServerParts): void {
  const post = (url: string, act: Act) =>
    server.post<{ Params: Params }>(
      `/sandbox${url}`,
      { preHandler: refuseOtherSites },
      async (request, reply) => {
        const { owner, name } = request.params
        const done = await act(`${owner}/${name}`, bodyOf(request), request.params)
        return cameFromForm(request) ? reply.redirect('/', 303) : reply.code(201).send(done ?? {})
      },
    )
  for (const [url, act] of Object.entries(actsByUrl(acts))) post(url, act)
  post('/faults', (_, body) => addFault(faults, body))
  server.delete('/sandbox/faults', { preHandler: refuseOtherSites }, async (_request, reply) => {
    faults.clear()
    return reply.code(204).send()
  })
  server.get('/sandbox/state', async () => takeSnapshot(world, log))
  server.get('/sandbox/requests', async () => log.requests)
  server.get('/sandbox/events', (_request, reply) => followEvents(world, reply))
}

function actsByUrl(acts: Acts): Record<string, Act> {
  const repository = '/repositories/:owner/:name'
  return {
    '/repositories': async (_, body) => {
      const made = await acts.createRepository(body as { owner: string; name: string })
      return { id: made.id, name: made.name, owner: made.owner.login }
    },
    [`${repository}/pulls`]: async (fullName, body) => {
      const pull = await acts.openPullRequest(fullName, body as PullRequest)
      return { number: pull.number, head: { ref: pull.head.ref, sha: pull.head.sha } }
    },
    [`${repository}/pulls/:number/merge`]: async (fullName, body, { number }) => ({
      sha: await acts.mergePullRequest(fullName, Number(number), body),
    }),
    [`${repository}/pulls/:number/close`]: (fullName, body, { number }) =>
      acts.closePullRequest(fullName, Number(number), body),
    [`${repository}/pulls/:number/comments`]: async (fullName, body, { number }) => ({
      id: await acts.comment(fullName, Number(number), String(body.body ?? ''), body),
    }),
    [`${repository}/hooks`]: async (fullName, body) => {
      const hook = await acts.createHook(fullName, body as unknown as HookRequest)
      return { id: hook.id }
    },
    [`${repository}/pushes`]: async (fullName, body) => ({ sha: await acts.push(fullName, body) }),
    [`${repository}/tags`]: async (fullName, body) => ({
      sha: await acts.pushTag(fullName, body as { name: string }),
    }),
    [`${repository}/deployments`]: async (fullName, body) => {
      const made = await acts.createDeployment(fullName, body as { ref: string })
      return 'message' in made ? made : { id: made.id, sha: made.sha }
    },
    [`${repository}/statuses/:ref`]: async (fullName, body, params) => {
      const { ref = '' } = params as Record<string, string>
      const status = await acts.createCommitStatus(fullName, ref, body as { state: 'success' })
      return { id: status.id }
    },
    [`${repository}/permissions`]: (fullName, { login, permission }) =>
      acts.setPermission(fullName, String(login), permission as Permission),
    '/people': (_, { login, organizations = [] }) => ({
      id: acts.addPerson(String(login), [organizations].flat().map(String)).id,
    }),
    '/teams': (_, { organization, slug, login }) =>
      acts.addToTeam(String(organization), String(slug), String(login)),
    '/deliveries/:guid/attempts': (_, __, { guid }) => ({ id: acts.redeliver(guid).id }),
  }
}

/** A page of another site may not use the reader's browser to work the sandbox. */
async function refuseOtherSites(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { origin } = request.headers
  if (!origin || (URL.canParse(origin) && new URL(origin).host === request.host)) return
  return reply.code(403).send({ message: `The sandbox takes no orders from ${origin}` })
}

function cameFromForm(request: FastifyRequest): boolean {
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
}

function bodyOf(request: FastifyRequest): Body {
  const text = Buffer.isBuffer(request.body) ? request.body.toString() : ''
  if (cameFromForm(request)) return Object.fromEntries(new URLSearchParams(text))
  try {
    return text ? (JSON.parse(text) as Body) : {}
  } catch {
    throw new Refusal(400, 'The body is neither a form nor JSON')
  }
}
