import { fullName } from '../jobs/job.ts'
import { roughly, spanText } from '../span-text.ts'
import type { Notice } from './notice.ts'

/** What a text about a notice may say; docs/notice-texts.md describes each. What is not known is nothing (`nil`). */
export function variablesOf(notice: Notice) {
  return { ...subjectOf(notice), ...outcomeOf(notice), ...changesOf(notice), ...urlsOf(notice) }
}

export type VariableName = keyof ReturnType<typeof variablesOf>

function subjectOf(notice: Notice) {
  const { repository, ref, sha } = notice
  const short = sha.slice(0, 7)
  return {
    state: notice.state,
    repository: fullName(repository),
    repository_name: repository.name,
    environment: notice.environment,
    deployment: notice.deployment ?? null,
    by: notice.by,
    ref,
    sha,
    short_sha: short,
    version: sha.startsWith(ref) && ref.length >= 7 ? short : `${ref} (${short})`,
    task: notice.task,
    what: some(notice.what),
    description: some(notice.description),
    pull_request: notice.pullRequest ?? null,
    rollback_of: notice.rollbackOf ?? null,
    room: notice.askedIn?.room ?? null,
  }
}

function outcomeOf({ tookMs, usualMs, authors = [] }: Notice) {
  return {
    took: tookMs === undefined ? null : spanText(tookMs),
    usual: usualMs === undefined ? null : roughly(usualMs),
    authors: authors.length === 0 ? null : [...authors],
  }
}

function changesOf({ changes, urls }: Notice) {
  const commits = changes?.commits ?? []
  return {
    changes: commits.map(({ sha, title, author }) => ({
      sha,
      short_sha: sha.slice(0, 7),
      title,
      author,
      url: `${urls.repository}/commit/${sha}`,
    })),
    changes_total: changes?.total ?? 0,
    changes_more: Math.max(0, (changes?.total ?? 0) - commits.length),
  }
}

function urlsOf({ urls }: Notice) {
  return {
    log_url: urls.log ?? null,
    repository_url: urls.repository,
    commit_url: urls.commit,
    compare_url: urls.compare ?? null,
    pull_request_url: urls.pullRequest ?? null,
    environment_url: urls.environment ?? null,
    why_url: urls.why,
  }
}

/** An empty text is true to Liquid: nothing is said of it by `nil`. */
function some(text: string): string | null {
  return text === '' ? null : text
}

/** Notices to try a text with: one of which all is known, and one with next to nothing. */
export const samples: readonly [Notice, Notice] = [fullSample(), bareSample()]

function bareSample(): Notice {
  const repository = 'https://github.com/acme/shop'
  const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e'
  return {
    ...{ id: 'sample', state: 'pending', repository: { id: 1, owner: 'acme', name: 'shop' } },
    ...{ environment: 'production', at: 0, sha, ref: 'main', task: 'deploy', by: 'octocat', byPerson: true },
    ...{ what: '', description: '' },
    urls: { repository, commit: `${repository}/commit/${sha}`, why: 'https://deploy.example.com/why' },
  }
}

function fullSample(): Notice {
  const bare = bareSample()
  const { repository, commit, why } = bare.urls
  return {
    ...bare,
    ...{
      deployment: 42,
      what: 'Merge of #7',
      description: 'It answered 500.',
      pullRequest: 7,
      rollbackOf: 41,
    },
    ...{ tookMs: 130_000, usualMs: 180_000, authors: ['octocat'], askedIn: { room: 'ops' } },
    changes: {
      base: bare.sha,
      total: 9,
      commits: [{ sha: bare.sha, title: 'Add a cart', author: 'octocat' }],
    },
    urls: {
      ...{ repository, commit, why, log: why, environment: 'https://shop.example.com' },
      ...{ compare: `${repository}/compare/a...b`, pullRequest: `${repository}/pull/7` },
    },
  }
}
