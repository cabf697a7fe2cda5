import type { Answer, Call } from '../api.ts'
import { resolveCommit } from '../git/read.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Deployment, Pull, Repository } from '../state.ts'
import { inTurn, pullNumbered, repositoryNamed } from '../world.ts'

export function repositoryOf({ world, params }: Call): Repository {
  return repositoryNamed(world, `${params.owner}/${params.repo}`)
}

export function pullOf(call: Call, repository: Repository): Pull {
  return pullNumbered(repository, Number(call.params.pull_number ?? call.params.issue_number))
}

export function deploymentOf({ params }: Call, repository: Repository): Deployment {
  return byId(repository.deployments, params.deployment_id)
}

export function byId<T extends { id: number }>(things: readonly T[], id: string | undefined): T {
  const thing = things.find((thing) => thing.id === Number(id))
  if (!thing) throw notFound()
  return thing
}

/** The full sha of the commit that a parameter names; GitHub answers 422 if there is none. */
export async function commitOf(repository: Repository, name: string | undefined): Promise<string> {
  const sha = await inTurn(repository, () => resolveCommit(repository.gitDir, name ?? ''))
  if (!sha) throw new Refusal(422, `No commit found for SHA: ${name}`)
  return sha
}

/** The body of a call, as the description has already found it. */
export function bodyOf<T>(call: Call): T {
  return call.body as T
}

export function ok(body: unknown): Answer {
  return { status: 200, body }
}

export function created(body: unknown): Answer {
  return { status: 201, body }
}

/** The query parameter, unless it is absent or GitHub's word for absent. */
export function filterOf(call: Call, name: string): string | undefined {
  const value = call.query[name]
  return value === undefined || value === 'none' || value === '' ? undefined : value
}

/** GitHub's links name a repository by its id. */
function placeById(call: Call): string {
  const { owner, repo } = call.params
  if (!owner || !repo) return call.path
  const rest = call.path.split('/').slice(4)
  return ['/repositories', repositoryOf(call).id, ...rest].join('/')
}

/** One page of a list, and the Link header to the others. */
export function page<T>(call: Call, all: readonly T[]): { items: T[]; headers: Record<string, string> } {
  const size = Math.min(100, Math.max(1, Number(call.query.per_page ?? 30)))
  const number = Math.max(1, Number(call.query.page ?? 1))
  const last = Math.max(1, Math.ceil(all.length / size))
  const place = placeById(call)
  const to = (target: number, rel: string) => {
    const query = new URLSearchParams({ ...call.query, page: String(target) })
    return `<${call.apiUrl}${place}?${query}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [to(number - 1, 'prev')] : []),
    ...(number < last ? [to(number + 1, 'next'), to(last, 'last')] : []),
    ...(number > 1 ? [to(1, 'first')] : []),
  ]
  const items = all.slice((number - 1) * size, number * size)
  return { items, headers: links.length > 0 ? { link: links.join(', ') } : {} }
}

/** Answers one page of a list. */
export function answerPage<T>(call: Call, all: readonly T[], present: (item: T) => unknown): Answer {
  const { items, headers } = page(call, all)
  return { status: 200, body: items.map(present), headers }
}
