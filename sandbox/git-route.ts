import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { branchMoved } from './acts/branches.ts'
import { tagsMoved } from './acts/tags.ts'
import { allows, isFor } from './apps/caller.ts'
import type { InstallationToken } from './apps/state.ts'
import type { Faults } from './faults.ts'
import { answerGit } from './git/http.ts'
import { readRefs } from './git/read.ts'
import { replyWith } from './reply.ts'
import type { Repository, User } from './state.ts'
import { fullNameOf, inTurn, now, repositoryNamed, userNamed, type World } from './world.ts'

interface GitParts {
  world: World
  token: string
  faults: Faults
}

type Params = { owner: string; name: string; '*': string }

/** Git's smart HTTP at `/owner/name.git`: anyone may read what is not private, the token may push. Faults call it `git`. */
export function serveGit(server: FastifyInstance, parts: GitParts): void {
  for (const method of ['GET', 'POST'] as const) {
    for (const path of ['info/refs', 'git-upload-pack', 'git-receive-pack']) {
      server.route<{ Params: Params }>({
        method,
        url: `/:owner/:name/${path}`,
        handler: (request, reply) => answer(parts, request, reply, `/${path}`),
      })
    }
  }
}

async function answer(
  parts: GitParts,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
  path: string,
): Promise<void> {
  const [pathname = '', query = ''] = (request.raw.url ?? '').split('?')
  const fault = parts.faults.strike({ operation: 'git', method: request.method, path: pathname })
  if (fault && !(typeof fault.answer === 'object' && 'delayMs' in fault.answer)) {
    await replyWith(reply, fault.answer, async () => ({ status: 500 }))
    return
  }
  const { owner, name } = request.params
  const repository = found(parts.world, `${owner}/${name.replace(/\.git$/, '')}`)
  if (!repository) return void reply.code(404).send('Repository not found.')
  const pushes = path === '/git-receive-pack' || query.includes('service=git-receive-pack')
  const asker = askerOf(parts, request.headers.authorization, repository, pushes ? 'write' : 'read')
  if (asker === 'stranger' || ((pushes || repository.isPrivate) && !asker)) {
    return void reply.code(401).header('www-authenticate', 'Basic realm="GitHub"').send('Bad credentials')
  }
  const run = () => respond(repository, request, reply, path, query, asker ? asker.login : '')
  if (path !== '/git-receive-pack' || !asker) return run()
  const knownTags = repository.tags
  const moved = await inTurn(repository, async () => {
    await run()
    return readMovedBranches(repository)
  })
  for (const { name, before, after } of moved) {
    await branchMoved(parts.world, repository, asker, name, before, after)
  }
  await tagsMoved(parts.world, repository, asker, knownTags)
}

async function respond(
  repository: Repository,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  query: string,
  user: string,
): Promise<void> {
  const { status, headers, body, ended } = await answerGit({
    gitDir: repository.gitDir,
    path,
    method: request.method,
    query,
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    user,
  })
  reply.code(status).headers(headers).send(body)
  await ended
}

/** Takes over the refs on disk and gives the branches that have moved since they were last known. */
async function readMovedBranches(repository: Repository) {
  const known = repository.branches
  const { branches, tags } = await readRefs(repository.gitDir)
  repository.branches = branches
  repository.tags = tags
  return [...new Set([...known.keys(), ...branches.keys()])]
    .map((name) => ({ name, before: known.get(name) ?? null, after: branches.get(name) ?? null }))
    .filter(({ before, after }) => before !== after)
}

function found(world: World, fullName: string): Repository | null {
  try {
    return repositoryNamed(world, fullName)
  } catch {
    return null
  }
}

const NOT_A_LOGIN = new Set(['', 'x-access-token', 'x-oauth-basic', 'oauth2', 'git'])

/**
 * Who the credentials name: the bot for the bare token, a person for `login:token`, undefined for none. A token of an App's
 * installation must be for this repository, and for what is in it.
 */
function askerOf(
  { world, token }: GitParts,
  authorization: string | undefined,
  repository: Repository,
  access: 'read' | 'write',
): User | 'stranger' | undefined {
  if (!authorization) return undefined
  const [scheme = '', value = ''] = authorization.split(' ')
  if (/^bearer$/i.test(scheme)) return value === token ? world.bot : 'stranger'
  const [login = '', ...rest] = Buffer.from(value, 'base64').toString().split(':')
  const password = rest.join(':')
  if (login === token) return world.bot
  const given = world.apps.tokens.get(password)
  if (given) return botFor(given, repository, access) ?? 'stranger'
  if (password !== token) return 'stranger'
  return NOT_A_LOGIN.has(login) ? world.bot : userNamed(world, login)
}

function botFor(given: InstallationToken, repository: Repository, access: 'read' | 'write') {
  given.uses.push(`git ${fullNameOf(repository)}`)
  const isGood = now() < given.expiresAt && given.installation.suspendedAt === null
  const isHere = isFor(given, repository) && allows(given.permissions, ['contents', access])
  return isGood && isHere ? given.installation.app.bot : undefined
}
