import type { GitHub } from '../../../github/client.ts'
import { GitHubRefusal } from '../../../github/failure.ts'
import { type DeliveryAttempt, listAttempts } from '../../../github/hooks.ts'
import type { Repository } from '../../../jobs/job.ts'
import type { Finding, Mendable } from '../finding.ts'
import { answersFinding } from './answers.ts'
import {
  type FoundHook,
  faultsOf,
  findHook,
  type HookFacts,
  type HookSecret,
  type WantedHook,
} from './judge-hooks.ts'
import { createHook, mendHook } from './mend-hook.ts'
import { hookText, hookTodo, levelOf } from './words.ts'

const lookedAt = 20

/** Whether a repository's webhook sends what the configuration needs, to us, and how that went. */
export async function examineWebhook(
  github: GitHub,
  repository: Repository,
  wanted: WantedHook,
  secret: HookSecret,
): Promise<Mendable[]> {
  const name = `${repository.owner}/${repository.name}`
  const of = `webhook of ${name}`
  try {
    const hooks = await readHooks(github, repository)
    const found = findHook(
      hooks.map(({ facts }) => facts),
      wanted.url,
    )
    if (found === undefined) return [missing(of, github, repository, wanted, secret)]
    const { attempts } = hooks.find(({ facts }) => facts === found.hook) ?? {}
    return [
      hookFinding(of, github, repository, found, wanted, secret),
      ...(attempts === undefined ? [] : [answersFinding(`deliveries to ${name}`, attempts)]),
    ]
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    return [unreadable(of, wanted)]
  }
}

interface ReadHook {
  facts: HookFacts
  attempts: DeliveryAttempt[] | undefined
}

async function readHooks(github: GitHub, repository: Repository): Promise<ReadHook[]> {
  const { owner, name: repo } = repository
  const { data } = await github.rest.repos.listWebhooks({ owner, repo, per_page: 100 })
  return Promise.all(
    data.map(async ({ id, config, active, events }) => {
      const attempts = await readAttempts(github, repository, id)
      const facts = {
        ...{ id, active, events, url: config.url ?? '', contentType: config.content_type ?? 'form' },
        hasSecret: config.secret !== undefined && config.secret !== '',
        insecure: String(config.insecure_ssl ?? '0') === '1',
        answers: attempts?.map(({ statusCode }) => statusCode),
      }
      return { facts, attempts }
    }),
  )
}

/** Undefined where GitHub has no such list: Enterprise Server before 3.2. */
async function readAttempts(github: GitHub, repository: Repository, hookId: number) {
  try {
    return (await listAttempts(github, repository, hookId)).attempts.slice(0, lookedAt)
  } catch (error) {
    if (error instanceof GitHubRefusal) return undefined
    throw error
  }
}

function missing(
  of: string,
  github: GitHub,
  repository: Repository,
  wanted: WantedHook,
  { secret }: HookSecret,
): Mendable {
  const text = `none leads to ${wanted.url}`
  const todo = `Add one on GitHub, Settings > Webhooks, for ${wanted.events.join(', ')}; if an organization's or an App's webhook leads here, none is needed.`
  if (secret === undefined) return { level: 'fail', of, text, todo }
  return { level: 'fail', of, text, todo, mend: () => createHook(github, repository, wanted, secret) }
}

function hookFinding(
  of: string,
  github: GitHub,
  repository: Repository,
  found: NonNullable<FoundHook>,
  wanted: WantedHook,
  secret: HookSecret,
): Mendable {
  const faults = faultsOf(found, wanted)
  const text = hookText(found, faults, wanted)
  if (faults.length === 0) return { level: 'ok', of, text }
  const finding: Finding = { level: levelOf(faults, wanted), of, text, todo: hookTodo(faults, secret) }
  const known = secret.isProven ? secret.secret : undefined
  const mendable = faults.filter(
    (fault) => fault !== 'insecure' && (known !== undefined || !isOfSecret(fault)),
  )
  if (mendable.length === 0) return finding
  return { ...finding, mend: () => mendHook(github, repository, found.hook, mendable, wanted, known) }
}

function isOfSecret(fault: string): boolean {
  return fault === 'no-secret' || fault === 'wrong-secret'
}

function unreadable(of: string, { url }: WantedHook): Finding {
  const todo = `Look yourself, in Settings > Webhooks, whether one leads to ${url}; or give the token Webhooks: read and write (classic: admin:repo_hook).`
  return { level: 'warn', of, text: 'the token may not read it', todo }
}
