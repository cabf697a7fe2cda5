import { createHash, randomUUID } from 'node:crypto'
import type { Actor } from '../../access/actor.ts'
import { newestOfDefault, resolveRef } from '../../github/resolve-ref.ts'
import { fullName, type Repository, type StartDeployment } from '../../jobs/job.ts'
import { requestJobId } from '../../jobs/job-ids.ts'
import { truncate } from '../../text.ts'
import { ask, askedOf } from '../ask.ts'
import { authorise } from '../authorise.ts'
import { environmentRulesOf, findRepository, repositoryRulesOf } from '../find-place.ts'
import type { Asked, DeployWish } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { refuseIfLocked } from '../refuse-if-locked.ts'
import { Refused } from '../refused.ts'
import { heldWords } from '../standing-in-the-way.ts'

/** Deploys a branch, a tag or a commit: by a request, which a worker turns into a GitHub deployment once its CI is green. */
export async function deploy(context: Context, wish: DeployWish): Promise<Done<Asked>> {
  const { actor, access, about, freezes, records } = context
  const { force = false, reason } = wish
  await authorise(access, { actor, deed: 'deploy', repository: wish.repository })
  const rules = await repositoryRulesOf(context, wish.repository)
  const environment = environmentRulesOf(rules, wish.repository, wish.environment)
  about.environment = environment.name
  if (force) {
    if (reason === undefined) throw new Refused('invalid', 'To force a deployment needs a reason: say why.')
    await authorise(access, { actor, deed: 'force a deployment', repository: wish.repository })
  }
  const repository = await findRepository(context, wish.repository)
  about.repository = fullName(repository)
  await refuseIfLocked(context, repository.id, environment.name, force)
  const { sha, ...named } = await resolve(context, repository, wish.ref)
  const ref = wish.ref === newestOfDefault ? (named.branch ?? wish.ref) : wish.ref
  const id = wish.key === undefined ? randomUUID() : idOfKey(actor, wish.key)
  const standing = await ask(context, {
    ...{ id, job: requestJobId(id), repository, environment: environment.name },
    ...{ sha, ref, force, reason, anew: false },
    description: descriptionOf(actor, { ...wish, ref }, sha),
    more: {
      ...named,
      ...(wish.task === undefined ? {} : { task: wish.task }),
      ...(wish.payload === undefined ? {} : { payload: wish.payload }),
      ...ofPull(wish.pullRequest),
    },
  })
  const declared = await freezes.of(repository.id, environment.name)
  const held = heldWords(environment, declared, { force }, await records.nowMs())
  return askedOf(standing, held.map((each) => ` ${each}`).join(''))
}

function ofPull(pull: DeployWish['pullRequest']): Partial<StartDeployment> {
  if (pull === undefined) return {}
  const { number, branch, isHead } = pull
  return { pullRequest: number, branch, ...(isHead ? { isHead } : {}) }
}

async function resolve({ github }: Context, repository: Repository, ref: string) {
  if (!github) {
    const how = 'set GITHUB_APP_ID or GITHUB_TOKEN for the receiver, too, and restart it'
    throw new Refused('unavailable', `The receiver cannot ask GitHub what ${ref} is: ${how}.`)
  }
  const resolved = await resolveRef(github, repository, ref)
  if (resolved) return resolved
  throw new Refused('invalid', `${fullName(repository)} has no branch, tag or commit ${truncate(ref, 100)}.`)
}

/** Two people may choose one key. */
function idOfKey({ kind, name, tokenId = '' }: Actor, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, name, tokenId, key]))
    .digest('hex')
    .slice(0, 32)
}

function descriptionOf(
  { name }: Actor,
  { ref, description, force, reason }: DeployWish,
  sha: string,
): string {
  if (description !== undefined) return truncate(description, 140)
  const what = sha.startsWith(ref.toLowerCase()) ? sha.slice(0, 7) : ref
  const why = reason === undefined ? '' : `: ${reason}`
  return truncate(`${what} by ${name}${force ? ', forced' : ''}${why}`, 140)
}
