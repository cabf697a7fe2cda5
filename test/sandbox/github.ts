import { Octokit } from '@octokit/rest'
import { startSandbox } from '../../sandbox/sandbox.ts'

/** A sandbox with the repository acme/shop, a client for it, and its end when the test ends. */
export async function startGitHub(t: { teardown: (close: () => Promise<void>) => unknown }) {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  const github = new Octokit({ baseUrl: sandbox.apiUrl, auth: sandbox.token, log: silent }).rest
  return { sandbox, github, repo: { owner: 'acme', repo: 'shop' } }
}

const nothing = () => {}
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

export interface Outcome {
  status: number
  data: unknown
}

/** What a request came to, refused or not. */
export async function outcomeOf(request: Promise<{ status: number; data: unknown }>): Promise<Outcome> {
  try {
    return await request
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data: unknown } }
    return { status, data: response?.data }
  }
}

/** The status with which a request was answered. */
export async function statusOf(request: Promise<{ status: number; data: unknown }>): Promise<number> {
  return (await outcomeOf(request)).status
}
