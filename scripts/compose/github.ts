import { setTimeout as sleep } from 'node:timers/promises'

const repository = 'acme/shop'
const token = 'sandbox-token'
const finalStates = ['success', 'failure', 'error', 'inactive']

/** Waits until the sandbox has its repository and the webhook that leads to us. */
export async function untilSeeded(sandbox: string, limitMs: number): Promise<void> {
  const limit = AbortSignal.timeout(limitMs)
  while (!limit.aborted) {
    const hooks = await ask<unknown[]>(`${sandbox}/api/v3/repos/${repository}/hooks`).catch(() => [])
    if (hooks.length > 0) return
    await sleep(200)
  }
  throw new Error(`the sandbox had no webhook within ${limitMs / 1000} s`)
}

/** Opens a pull request in the sandbox and merges it. Gives the merge commit. */
export async function mergePullRequest(sandbox: string, title: string): Promise<string> {
  const opened = await ask<{ number: number }>(
    `${sandbox}/sandbox/repositories/${repository}/pulls`,
    'POST',
    { title },
  )
  const merged = await ask<{ sha: string }>(
    `${sandbox}/api/v3/repos/${repository}/pulls/${opened.number}/merge`,
    'PUT',
    {},
  )
  return merged.sha
}

/** Creates a deployment, as somebody does by hand. */
export async function createDeployment(sandbox: string, sha: string, environment: string): Promise<void> {
  const request = { ref: sha, environment, auto_merge: false, required_contexts: [] }
  await ask(`${sandbox}/api/v3/repos/${repository}/deployments`, 'POST', request)
}

/** Waits until a commit's deployment is over; gives the states it went through, oldest first. */
export async function deploymentStates(
  sandbox: string,
  sha: string,
  limitMs: number,
  environment = 'production',
): Promise<string[]> {
  const limit = AbortSignal.timeout(limitMs)
  let states: string[] = []
  while (!limit.aborted) {
    states = await statesOf(sandbox, sha, environment)
    if (finalStates.includes(states.at(-1) ?? '')) return states
    await sleep(200)
  }
  throw new Error(
    `after ${limitMs / 1000} s the deployment of ${sha} is at: ${states.join(', ') || 'nothing'}`,
  )
}

async function statesOf(sandbox: string, sha: string, environment: string): Promise<string[]> {
  const url = `${sandbox}/api/v3/repos/${repository}/deployments`
  const [deployment] = await ask<{ id: number }[]>(`${url}?sha=${sha}&environment=${environment}`)
  if (!deployment) return []
  const statuses = await ask<{ state: string }[]>(`${url}/${deployment.id}/statuses?per_page=100`)
  return statuses.map(({ state }) => state).reverse()
}

/** Waits until an address answers with a 2xx. */
export async function untilAnswers(url: string, limitMs: number): Promise<void> {
  const limit = AbortSignal.timeout(limitMs)
  while (!limit.aborted) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await sleep(200)
  }
  throw new Error(`${url} did not answer within ${limitMs / 1000} s`)
}

async function ask<T>(url: string, method = 'GET', body?: object): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': 'livraison-test',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}
