import type { Test } from 'tap'
import { type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'
import { testAdminToken } from '../fixtures/receiver.ts'

/** A deployment that is over. */
export interface Deployed {
  sha: string
  state: string | undefined
  description: string | null | undefined
  log: string
}

export interface Example {
  /** Merges a change and gives what became of its deployment. */
  deploy(files?: Record<string, string>): Promise<Deployed>
  /** Deploys a commit once more, as somebody does by hand. */
  deployAgain(sha: string): Promise<Deployed>
}

export interface ExampleOptions extends FleetOptions {
  /** What is in the repository. */
  files: Record<string, string>
}

/** Long, for a playbook on a machine that has much else to do. */
const limitMs = 120_000

/** GitHub with a repository, the receiver and a worker that deploys it as an example's configuration says. */
export async function startExample(t: Test, { files, ...options }: ExampleOptions): Promise<Example> {
  const { sandbox, receiver, finalStates } = await startFleet(t, options)
  await sandbox.push(shop, { files })

  const outcome = async (sha: string, count: number): Promise<Deployed> => {
    const made = await sandbox.whenever(
      () => {
        const ours = sandbox.deployments(shop).filter((deployment) => deployment.sha === sha)
        return ours.length >= count ? ours.at(-1) : undefined
      },
      { what: `deployment of ${sha}`, timeoutMs: limitMs },
    )
    await finalStates(made.id, limitMs)
    const last = made.statuses.at(-1)
    const log = await fetch(`${receiver.url}/api/deployments/${shop}/${made.id}/log`, {
      headers: { authorization: `Bearer ${testAdminToken}` },
    })
    return { sha, state: last?.state, description: last?.description, log: await log.text() }
  }
  return {
    async deploy(changed = {}) {
      const { number } = await sandbox.openPullRequest(shop, {
        title: 'Change it',
        files: { ...note(), ...changed },
      })
      return outcome(await sandbox.mergePullRequest(shop, number), 1)
    },
    async deployAgain(sha) {
      const count = sandbox.deployments(shop).filter((deployment) => deployment.sha === sha).length
      await sandbox.createDeployment(shop, {
        ref: sha,
        environment: 'production',
        auto_merge: false,
        required_contexts: [],
      })
      return outcome(sha, count + 1)
    },
  }
}

let notes = 0

/** A change that is one, whatever else is in it. */
function note(): Record<string, string> {
  return { 'notes.txt': `${++notes}\n` }
}
