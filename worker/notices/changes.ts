import type { DeploymentRecord } from '../../src/deployments/record.ts'
import { messageOf } from '../../src/errors/errors.ts'
import type { Notice, NoticeState } from '../../src/notices/notice.ts'
import { within } from '../../src/within.ts'
import { compare } from '../handlers/compare.ts'
import type { Tools } from '../tools.ts'

/** A notice comes without its changes rather than late. */
const patienceMs = 5000
/** No channel lists more. */
const mostCommits = 50
const mostAuthors = 10

type Changes = NonNullable<Notice['changes']>

/** What a deployment brings that was not there before; undefined where that is not known, or not soon. */
export async function findChanges(record: DeploymentRecord, tools: Tools): Promise<Changes | undefined> {
  const { repository, sha } = record
  const before = await tools.notices.history.predecessor(record)
  if (before === undefined) return undefined
  const base = before.sha
  if (base === sha) return { base, total: 0, commits: [] }
  const wish = { repositoryId: repository.id, base, head: sha }
  const known = await tools.comparisons.read(wish)
  if (known.answer === undefined && known.unknown === undefined) {
    const asked = compare({ repository, base, head: sha }, tools)
    await within(patienceMs, asked, 'GitHub does not compare them soon.').catch((error: unknown) =>
      tools.log.info({ deployment: record.id, reason: messageOf(error) }, 'told without what has changed'),
    )
  }
  const { answer } = known.answer === undefined ? await tools.comparisons.read(wish) : known
  return answer && { base, total: answer.ahead, commits: answer.commits.slice(0, mostCommits) }
}

/** On a failure, those whose change it is: people by their logins, as GitHub knows them. Pure. */
export function authorsOf(state: NoticeState, changes: Changes | undefined): string[] {
  if (state !== 'failure' && state !== 'error') return []
  const logins = (changes?.commits ?? []).flatMap(({ login }) => (login === undefined ? [] : [login]))
  return [...new Set(logins)].filter((login) => !login.endsWith('[bot]')).slice(0, mostAuthors)
}
