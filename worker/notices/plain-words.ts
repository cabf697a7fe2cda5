import { fullName } from '../../src/jobs/job.ts'
import type { Message } from '../../src/notices/message.ts'
import type { Notice } from '../../src/notices/notice.ts'

/** A notice in the plainest words. Pure. */
export function plainWords(notice: Notice): Message {
  const { state, repository, environment, description, by } = notice
  const title = `${fullName(repository)} ${environment}: ${state}, asked for by ${by}`
  const lines = description === '' ? [] : [[{ kind: 'text', text: description } as const]]
  return { title: [{ kind: 'text', text: title }], lines }
}
