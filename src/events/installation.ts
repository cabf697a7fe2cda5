import { z } from 'zod'
import type { Rules } from '../config/rules.ts'
import type { EndWaiting } from '../jobs/job.ts'
import { endWaitingJobId } from '../jobs/job-ids.ts'
import { truncate } from '../text.ts'
import type { Decision } from './decision.ts'
import { account, actionOf, readPayload } from './payload.ts'

const installation = z.object({
  installation: z.object({ id: z.int(), app_id: z.int(), account: account.nullish() }),
  sender: account.nullish(),
})

const repositories = installation.extend({ repositories_removed: z.array(z.object({ id: z.int() })) })

type Change = z.output<typeof installation>

/** The status of a deployment has 140 characters. */
const longestWords = 140

/** What waits for an App that was taken off, or suspended, would wait in vain. */
export function decideInstallation(payload: unknown, delivery: string, rules: Rules): Decision {
  if (rules.ourApp === undefined) return withoutApp('installation')
  const action = actionOf(payload)
  const change = readPayload(installation, 'installation', payload)
  if (change.installation.app_id !== rules.ourApp.id) return ofAnother
  if (action === 'deleted') {
    return endWaiting(change, delivery, 'has uninstalled the GitHub App from', 'Install it again')
  }
  if (action === 'suspend') {
    return endWaiting(change, delivery, 'has suspended the GitHub App on', 'Have that lifted')
  }
  return {
    outcome: 'ignored',
    reason: `The GitHub App is told of installation ${action}: what comes next is done.`,
  }
}

/** The App was given, or is not given any more, some repositories of an account. */
export function decideInstallationRepositories(payload: unknown, delivery: string, rules: Rules): Decision {
  if (rules.ourApp === undefined) return withoutApp('installation_repositories')
  const change = readPayload(repositories, 'installation_repositories', payload)
  if (change.installation.app_id !== rules.ourApp.id) return ofAnother
  const removed = change.repositories_removed.map(({ id }) => id)
  if (removed.length === 0) {
    return {
      outcome: 'ignored',
      reason: 'The GitHub App was given repositories: what happens there is done.',
    }
  }
  return endWaiting(
    change,
    delivery,
    'has taken this repository from the GitHub App on',
    'Give it back',
    removed,
  )
}

/** Of a webhook that people made for an App of theirs. */
function withoutApp(event: string): Decision {
  return { outcome: 'ignored', reason: `Nothing is done on ${event} events.` }
}

const ofAnother: Decision = {
  outcome: 'ignored',
  reason: 'It is about the installation of another GitHub App.',
}

function endWaiting(
  { installation: { id, account }, sender }: Change,
  delivery: string,
  what: string,
  todo: string,
  repositories?: number[],
): Decision {
  const owner = account?.login ?? ''
  const by = sender?.login ?? 'ghost'
  const words = truncate(`${by} ${what} ${owner}. ${todo}, then deploy again.`, longestWords)
  const data: EndWaiting = { owner, by, words, delivery, ...(repositories && { repositories }) }
  return { outcome: 'jobs', jobs: [{ name: 'end-waiting', id: endWaitingJobId(id, repositories), data }] }
}
