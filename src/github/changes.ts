import type { Repository } from '../jobs/job.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal, GitHubUnavailable } from './failure.ts'

/** A file that differs between two commits, and its earlier name if it had another. */
export interface ChangedFile {
  name: string
  before?: string
}

/** What differs between two commits, or why it is not known. */
export type Changes = { files: ChangedFile[] } | { unknown: string }

/** @see https://docs.github.com/en/rest/commits/commits#compare-two-commits all of them on the first page */
const mostFiles = 300

/**
 * The files that differ between two commits of which one is part of the other's history, in either order. What GitHub
 * cannot compare, or not in full, is unknown.
 *
 * @throws {GitHubUnavailable} if GitHub cannot be asked now
 */
export async function readChanges(
  github: GitHub,
  repository: Repository,
  from: string,
  to: string,
): Promise<Changes> {
  try {
    const { status, files } = await compare(github, repository, from, to)
    // From an older commit on, GitHub gives the files; the other way round, it gives none.
    if (status === 'behind') return toChanges((await compare(github, repository, to, from)).files)
    if (status === 'diverged') return { unknown: 'neither holds the other' }
    return status === 'identical' ? { files: [] } : toChanges(files)
  } catch (error) {
    if (error instanceof GitHubRefusal) return { unknown: error.message }
    // A comparison that is too large for GitHub to make is answered so, however often it is asked for.
    if (error instanceof GitHubUnavailable && error.reason === 'server-error')
      return { unknown: error.message }
    throw error
  }
}

async function compare(github: GitHub, { owner, name }: Repository, from: string, to: string) {
  const basehead = `${from}...${to}`
  const { data } = await github.rest.repos.compareCommitsWithBasehead({
    owner,
    repo: name,
    basehead,
    per_page: 1,
  })
  return data
}

type Files = Awaited<ReturnType<typeof compare>>['files']

function toChanges(files: Files): Changes {
  if (!Array.isArray(files)) return { unknown: 'GitHub names no files' }
  if (files.length >= mostFiles) return { unknown: `GitHub names no more than ${mostFiles} files` }
  return {
    files: files.map(({ filename, previous_filename }) => ({
      name: filename,
      ...(previous_filename === undefined ? {} : { before: previous_filename }),
    })),
  }
}
