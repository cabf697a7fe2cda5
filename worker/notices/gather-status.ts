import { findEnvironment } from '../../src/config/find-environment.ts'
import { lockTaskOf } from '../../src/deployments/lock-task.ts'
import type { DeploymentRecord } from '../../src/deployments/record.ts'
import { type AnnounceStatus, fullName } from '../../src/jobs/job.ts'
import { statusJobId } from '../../src/jobs/job-ids.ts'
import type { Notice, NoticeState } from '../../src/notices/notice.ts'
import type { Tools } from '../tools.ts'
import { authorsOf, findChanges } from './changes.ts'
import { pagesOf } from './pages.ts'
import { isPerson } from './who-asked.ts'

/** All that there is to say of a deployment's new status: by our record, or, of what others run, by the event. */
export async function gatherStatus(job: AnnounceStatus, state: NoticeState, tools: Tools): Promise<Notice> {
  const { repository, deployment, status } = job
  const record = await readRecord(job, tools)
  const environment = record?.environment ?? deployment.environment
  const facts = record ? await factsOf(record, state, tools) : foreignFacts(job)
  const at = Date.parse(status.createdAt)
  return {
    id: statusJobId(status.id),
    ...{ state, repository, environment },
    at: Number.isNaN(at) ? Date.now() : at,
    ...{ deployment: deployment.id, sha: deployment.sha, ref: deployment.ref },
    description: status.description,
    ...facts,
    urls: pagesOf(tools.notices.pages, {
      ...{ repository, environment, sha: deployment.sha, status },
      deployment: record?.id,
      pullRequest: facts.pullRequest,
      base: facts.changes?.base,
      environmentUrl: environmentUrlOf(job, tools),
    }),
  }
}

type Facts = Pick<Notice, 'task' | 'by' | 'byPerson' | 'what'> &
  Pick<
    Partial<Notice>,
    'pullRequest' | 'rollbackOf' | 'tookMs' | 'usualMs' | 'changes' | 'authors' | 'askedIn'
  >

async function readRecord({ repository, deployment }: AnnounceStatus, { records }: Tools) {
  const record = await records.read(deployment.id)
  return record?.repository.id === repository.id ? record : undefined
}

async function factsOf(record: DeploymentRecord, state: NoticeState, tools: Tools): Promise<Facts> {
  const { task, description, pullRequest, rollbackOf, askedIn } = record
  const request = await tools.requests.believed(record)
  const [by = record.creator] = await tools.speakersOf(record)
  return {
    ...{ task, by, what: description },
    byPerson: request === undefined || isPerson(request),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(rollbackOf === undefined ? {} : { rollbackOf }),
    ...(askedIn === undefined ? {} : { askedIn }),
    // What locks an environment brings nothing, and how long it takes is no news.
    ...(lockTaskOf(task) === undefined ? await workOf(record, state, tools) : {}),
  }
}

/** What the work brings, and how long it took. */
async function workOf(record: DeploymentRecord, state: NoticeState, tools: Tools): Promise<Partial<Facts>> {
  const [changes, usualMs] = await Promise.all([
    findChanges(record, tools),
    tools.notices.history.usualMs(record.repository.id, record.environment),
  ])
  const authors = authorsOf(state, changes)
  const tookMs = tookMsOf(record, state)
  return {
    ...(changes === undefined ? {} : { changes }),
    ...(usualMs === undefined ? {} : { usualMs }),
    ...(tookMs === undefined ? {} : { tookMs }),
    ...(authors.length === 0 ? {} : { authors }),
  }
}

/** The record may be further on than what is told. */
function tookMsOf({ startedAt, finishedAt }: DeploymentRecord, state: NoticeState): number | undefined {
  const isOver = state === 'success' || state === 'failure' || state === 'error'
  return isOver && startedAt !== undefined && finishedAt !== undefined ? finishedAt - startedAt : undefined
}

/** Whoever may make deployments writes their payloads: who made one is what GitHub says. */
function foreignFacts({ deployment, status }: AnnounceStatus): Facts {
  const { task = 'deploy', description = '', creator = status.creator } = deployment
  const { pullRequest, rollbackOf, askedIn } = deployment
  return {
    ...{ task, by: creator, byPerson: !creator.endsWith('[bot]'), what: description },
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(rollbackOf === undefined ? {} : { rollbackOf }),
    ...(askedIn === undefined ? {} : { askedIn }),
  }
}

function environmentUrlOf({ repository, deployment }: AnnounceStatus, { rules }: Tools): string | undefined {
  const ofRepository = rules.current.of(fullName(repository))
  return ofRepository && findEnvironment(ofRepository, deployment.environment)?.url
}
