import { type AnnouncedStatus, fullName, type Repository } from '../../src/jobs/job.ts'
import type { Notice } from '../../src/notices/notice.ts'

/** Where our own pages and GitHub's are, without a slash at the end. */
export interface PageRoots {
  publicUrl: string
  githubUrl: string
}

export interface Linked {
  repository: Repository
  environment: string
  sha: string
  /** A deployment that has a page here. */
  deployment?: number | undefined
  pullRequest?: number | undefined
  /** What it is compared with. */
  base?: string | undefined
  /** What the status itself links to. */
  status?: Pick<AnnouncedStatus, 'logUrl' | 'environmentUrl'> | undefined
  /** Where the environment is to be seen by the rules. */
  environmentUrl?: string | undefined
}

/** The pages that a notice links to. Pure. */
export function pagesOf({ publicUrl, githubUrl }: PageRoots, about: Linked): Notice['urls'] {
  const { environment, sha, deployment, pullRequest, base, status = {} } = about
  const name = fullName(about.repository)
  const repository = `${githubUrl}/${name}`
  const log = deployment === undefined ? status.logUrl : `${publicUrl}/deployments/${name}/${deployment}`
  const seen = status.environmentUrl ?? about.environmentUrl
  return {
    ...(log === undefined ? {} : { log }),
    repository,
    commit: `${repository}/commit/${sha}`,
    ...(base === undefined ? {} : { compare: `${repository}/compare/${base}...${sha}` }),
    ...(pullRequest === undefined ? {} : { pullRequest: `${repository}/pull/${pullRequest}` }),
    ...(seen === undefined ? {} : { environment: seen }),
    // Half a character, which a name from outside may hold, cannot be encoded.
    why: `${publicUrl}/why/${name}/${encodeURIComponent(Buffer.from(environment).toString())}`,
  }
}
