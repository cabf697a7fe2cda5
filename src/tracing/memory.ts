import type { JobRequest, StartDeployment } from '../jobs/job.ts'
import { rememberedMs } from '../jobs/queues.ts'
import type { Redis } from '../redis/redis.ts'
import { within } from '../within.ts'
import type { TraceContext, Tracing } from './tracing.ts'

/**
 * The traces that deployments belong to. GitHub answers a deployment that we create with a delivery of its own: what joins the two
 * is kept here, in our own memory. A payload would be the wrong place: whoever may create deployments writes what they like there,
 * and whoever may read them sees it.
 */
export interface TraceMemory {
  /** A deployment is about to be made here. Its delivery may be there before GitHub has answered with its id. */
  making(job: MadeFor): Promise<void>
  /** It was made. */
  made(job: MadeFor, deployment: number): Promise<void>
  /** Where what a delivery asks for belongs; undefined: it begins a trace. */
  find(jobs: readonly JobRequest[]): Promise<TraceContext | undefined>
  /** What a delivery asks for belongs here, unless that was known. */
  begin(jobs: readonly JobRequest[]): Promise<void>
}

type MadeFor = Pick<StartDeployment, 'repository' | 'environment' | 'sha'>

/** The trace is not worth a late answer. */
const limitMs = 200

const nothing: TraceMemory = {
  making: async () => {},
  made: async () => {},
  find: async () => undefined,
  begin: async () => {},
}

/** Opens the memory in Redis. That it cannot be asked disturbs nothing: a trace then ends, and another begins. */
export function openTraceMemory(redis: Redis, prefix: string, tracing: Tracing): TraceMemory {
  if (!tracing.isOn) return nothing
  const ofDeployment = (id: number) => `${prefix}:trace:deployment:${id}`
  const ofMaking = ({ repository, sha, environment }: MadeFor) =>
    `${prefix}:trace:making:${repository.id}:${sha}:${environment}`
  const here = () => JSON.stringify(tracing.context() ?? null)

  return {
    async making(job) {
      await quietly(redis.set(ofMaking(job), here(), 'PX', rememberedMs))
    },

    async made(job, deployment) {
      const multi = redis.multi().set(ofDeployment(deployment), here(), 'PX', rememberedMs).del(ofMaking(job))
      await quietly(multi.exec())
    },

    async find(jobs) {
      const { deployment, made } = subjectOf(jobs)
      if (deployment === undefined) return undefined
      const keys = [ofDeployment(deployment), ...(made === undefined ? [] : [ofMaking(made)])]
      const found = await quietly(redis.mget(...keys))
      return readContext(found?.find((value) => value !== null) ?? 'null')
    },

    async begin(jobs) {
      const { deployment } = subjectOf(jobs)
      if (deployment === undefined) return
      await quietly(redis.set(ofDeployment(deployment), here(), 'PX', rememberedMs, 'NX'))
    },
  }
}

async function quietly<T>(asked: Promise<T>): Promise<T | undefined> {
  return within(limitMs, asked, 'Redis does not answer.').catch(() => undefined)
}

/** The deployment that jobs of one delivery are about, and, if it is new, what it may have been made for. Pure. */
export function subjectOf(jobs: readonly JobRequest[]): { deployment?: number; made?: MadeFor } {
  for (const { name, data } of jobs) {
    if (name === 'process-deployment') {
      const { id, sha, environment } = data.deployment
      return { deployment: id, made: { repository: data.repository, sha, environment } }
    }
    if (name === 'announce-status') return { deployment: data.deployment.id }
    if (name === 'start-deployment' && data.promotedFrom !== undefined)
      return { deployment: data.promotedFrom }
  }
  return {}
}

function readContext(json: string): TraceContext | undefined {
  return (JSON.parse(json) as TraceContext | null) ?? undefined
}
