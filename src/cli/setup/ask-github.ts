import { Agent, fetch } from 'undici'
import { messageOf } from '../../errors/errors.ts'
import { trusting } from '../../github/trust.ts'
import type { GitHubCa } from '../../settings/github.ts'
import { version } from '../../version.ts'
import { exitStatus, Stop } from '../exit-status.ts'

export interface Question {
  method?: 'GET' | 'POST' | 'PATCH'
  token?: string
  body?: unknown
}

/** GitHub's answer: what it is about is the asker's to read. */
export interface GitHubAnswer {
  status: number
  /** GitHub's own words, where it refuses. */
  message: string
  body: unknown
}

const limitMs = 30_000

/** Where GitHub's API is, and whose certificates are trusted there beside the usual ones. */
export interface GitHubPlace {
  githubApiUrl: string
  githubCa?: GitHubCa
}

/** Asks GitHub's API one thing; throws a {@link Stop} if it cannot be reached. */
export async function askGitHub(
  { githubApiUrl: apiUrl, githubCa }: GitHubPlace,
  path: string,
  { method = 'GET', token, body }: Question = {},
): Promise<GitHubAnswer> {
  const dispatcher = new Agent({ connect: trusting(githubCa?.pem) })
  try {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        'user-agent': `livraison/${version}`,
        'x-github-api-version': '2022-11-28',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      dispatcher,
      signal: AbortSignal.timeout(limitMs),
    })
    const read: unknown = await answer.json().catch(() => undefined)
    return { status: answer.status, message: wordsOf(read), body: read }
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    throw new Stop(exitStatus.unreachable, `GitHub cannot be reached at ${apiUrl}: ${messageOf(cause)}`)
  } finally {
    await dispatcher.close()
  }
}

function wordsOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : ''
}
