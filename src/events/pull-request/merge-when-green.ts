import { z } from 'zod'
import type { MergeRules, Rules } from '../../config/rules.ts'
import type { MergeAsk } from '../../jobs/job.ts'
import { pullChangeJobId } from '../../jobs/job-ids.ts'
import { truncate } from '../../text.ts'
import type { Decision } from '../decision.ts'
import { account, readPayload, repository, repositoryOf } from '../payload.ts'

const labels = z.array(z.object({ name: z.string() }))

const changed = z.object({
  repository,
  label: labels.element.nullish(),
  changes: z.object({ base: z.unknown().optional() }).nullish(),
  sender: account.nullish(),
  pull_request: z.object({
    number: z.int(),
    // Left out of what others make up to stand for a pull request.
    updated_at: z.string().nullish(),
    labels: labels.nullish(),
    head: z.object({ sha: z.string() }),
    base: z.object({ ref: z.string() }),
  }),
})

type Changed = z.output<typeof changed>

const named = z.object({ repository: z.object({ full_name: z.string() }) })

/** What may make a pull request ready to be merged, or end the wait for it, besides labels. */
const waking = ['synchronize', 'ready_for_review', 'reopened', 'closed']
const heeded = [...waking, 'opened', 'labeled', 'unlabeled', 'edited']

/**
 * A change of a pull request that may be merged when green; undefined if it has nothing to do with that. GitHub lets only
 * those label who have the triage role or more: that is the right to ask.
 *
 * @see https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
 */
export function decideMergeWhenGreen(
  action: string | undefined,
  payload: unknown,
  delivery: string,
  rules: Rules,
): Decision | undefined {
  if (action === undefined || !heeded.includes(action)) return undefined
  const merge = rules.of(named.safeParse(payload).data?.repository.full_name ?? '')?.merge
  if (!merge) return undefined
  const event = readPayload(changed, 'pull_request', payload)
  const { pull_request: pull } = event
  const labelled = (pull.labels ?? []).some((label) => asksForMerge(merge, label.name))
  const reason = whyNothing(action, event, merge, labelled)
  if (reason !== undefined) return { outcome: 'ignored', reason }
  const updatedAt = pull.updated_at ?? ''
  const at = Date.parse(updatedAt) || 0
  const ask: MergeAsk | undefined = isAsk(action)
    ? {
        how: 'label',
        by: truncate(event.sender?.login ?? 'ghost', 100),
        sha: pull.head.sha,
        base: pull.base.ref,
        at,
      }
    : undefined
  return {
    outcome: 'jobs',
    jobs: [
      {
        name: 'pull-request-changed',
        id: pullChangeJobId(event.repository.id, pull.number, action, updatedAt, pull.head.sha),
        data: {
          repository: repositoryOf(event.repository),
          pullRequest: pull.number,
          labelled,
          ...(ask ? { ask } : {}),
          delivery,
        },
      },
    ],
  }
}

/** Opened again, it may hold what the one who labelled it never saw. */
function isAsk(action: string): boolean {
  return action === 'labeled' || action === 'opened'
}

function whyNothing(
  action: string,
  { label, changes }: Changed,
  merge: MergeRules,
  labelled: boolean,
): string | undefined {
  const wanted = merge.label === undefined ? 'No label asks' : `The label ${merge.label} asks`
  if (action === 'labeled' || action === 'unlabeled') {
    const isIt = label ? asksForMerge(merge, label.name) : labelled
    return isIt ? undefined : `${wanted} for a merge, not this one.`
  }
  if (action === 'opened') return labelled ? undefined : `${wanted} for a merge; it came without.`
  if (action === 'edited' && changes?.base === undefined) {
    return 'Its branch was not changed: nothing else that is edited matters.'
  }
  return undefined
}

/** GitHub takes labels that differ in case only for one. */
export function asksForMerge({ label }: MergeRules, name: string): boolean {
  return label !== undefined && name.toLowerCase() === label.toLowerCase()
}
