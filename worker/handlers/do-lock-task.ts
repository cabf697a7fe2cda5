import { speakerOf } from '../../src/deployments/askers.ts'
import { isFinal } from '../../src/deployments/record.ts'
import { fullName, type ProcessDeployment } from '../../src/jobs/job.ts'
import type { Lock } from '../../src/locks/locks.ts'
import { type Scope, scopeWords } from '../../src/locks/scope.ts'
import { withReason } from '../../src/locks/words.ts'
import { truncate } from '../../src/text.ts'
import type { Tools } from '../tools.ts'

/** How a task ends that locks or unlocks. */
interface TaskEnd {
  state: 'success' | 'failure'
  description: string
}

/**
 * Locks or unlocks the environment that a GitHub deployment names, in the name of whoever made it, and ends it: it is no
 * deployment, runs nothing and takes no lane. Doing it twice changes nothing.
 *
 * @throws {AskAgain} while another worker does one for this environment
 */
export async function doLockTask(
  job: ProcessDeployment,
  task: 'lock' | 'unlock',
  tools: Tools,
): Promise<void> {
  const { repository, deployment } = job
  await tools.exclusively(`lock-task:${repository.id}:${deployment.environment}`, async () => {
    const record = await tools.records.read(deployment.id)
    if (!record || isFinal(record.state)) return
    // An event may come late: a lock must not come back after it was ended.
    const newer = await tools.newerLockTask(job)
    if (newer === undefined) await doIt(job, task, tools)
    else await tools.lanes.end(job, 'inactive', `Superseded by #${newer}.`)
  })
}

async function doIt(job: ProcessDeployment, task: 'lock' | 'unlock', tools: Tools): Promise<void> {
  const { repository, deployment } = job
  const by = truncate(speakerOf(deployment, await tools.ourAccounts.has(deployment.creator)), 100)
  const { environment } = deployment
  const scope: Scope = {
    kind: 'environment',
    repositoryId: repository.id,
    repository: fullName(repository),
    environment,
  }
  const reason = deployment.reason ?? deployment.description
  const ended = task === 'lock' ? await lock(scope, by, reason, tools) : await unlock(scope, by, tools)
  await tools.lanes.end(job, ended.state, ended.description)
  tools.log.info({ deployment: deployment.id, by, ...ended }, `a ${deployment.task} was done`)
  await tools.audit.note({
    action: task,
    actor: { kind: 'github', name: by, face: 'github' },
    repository: fullName(repository),
    environment,
    deployment: deployment.id,
    reason,
    outcome: ended.state === 'success' ? 'done' : 'conflict',
    text: ended.description,
  })
}

async function lock(scope: Scope, owner: string, reason: string, { locks }: Tools): Promise<TaskEnd> {
  const asked = { scope, owner, reason, kind: 'hard', ownerMayDeploy: false } as const
  const { outcome, lock: held } = await locks.lock(asked)
  return outcome === 'locked' ? success(`${nameOf(scope)} is locked by ${held.owner}`) : taken(held)
}

async function unlock(scope: Scope, by: string, { locks }: Tools): Promise<TaskEnd> {
  const held = await locks.on(scope)
  if (!held) return success(`${nameOf(scope)} is not locked`)
  if (held.owner !== by) return taken(held)
  // Another may have taken it in between: that one stays.
  const isReleased = (await locks.unlock(scope, held.id)) !== undefined
  const now = isReleased ? undefined : await locks.on(scope)
  return now ? taken(now) : success(`${nameOf(scope)} was unlocked by ${by}`)
}

function success(words: string): TaskEnd {
  return { state: 'success', description: truncate(`${words}.`, 140) }
}

function taken({ scope, owner, reason }: Lock): TaskEnd {
  const description = withReason(`${nameOf(scope)} is locked by ${truncate(owner, 40)}`, reason, '')
  return { state: 'failure', description: truncate(description, 140) }
}

function nameOf(scope: Scope): string {
  return truncate(scopeWords(scope), 80)
}
