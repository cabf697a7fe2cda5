import type { z } from 'zod'
import type { CheckRecord } from '../checks/record.ts'
import { isoTime, type Places } from './present-deployment.ts'
import type { checkSchema } from './schema/check.ts'

/** A check as the API gives it. Pure; `name` is the `owner/name` that its repository has now. */
export function presentCheck(
  record: CheckRecord,
  name: string,
  { publicUrl, githubUrl }: Places,
): z.output<typeof checkSchema> {
  const self = `${publicUrl}/api/checks/${name}/${record.id}`
  return {
    id: record.id,
    repository: name,
    repositoryId: record.repository.id,
    context: record.context,
    pullRequest: record.pullRequest,
    sha: record.sha,
    ref: record.ref,
    fork: record.fork,
    author: record.author,
    state: record.state,
    description: record.description ?? null,
    cancelled: record.cancelled ?? false,
    run: record.run,
    worker: record.worker ?? null,
    delivery: record.delivery,
    acceptedAt: isoTime(record.acceptedAt),
    startedAt: isoTime(record.startedAt),
    finishedAt: isoTime(record.finishedAt),
    unreportable: record.unreportable ?? null,
    urls: { self, log: `${self}/log`, github: `${githubUrl}/${name}/pull/${record.pullRequest}` },
  }
}
