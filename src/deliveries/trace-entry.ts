import type { Arrival, Outcome } from './arrival.ts'

/** An arrival as the trace keeps it: `id` orders it, `at` is when it was written, ms since 1970. */
export interface TracedArrival extends Arrival {
  id: string
  at: number
}

/** An entry of a stream as Redis gives it: its id, and its fields, each followed by its value. */
export type Entry = [id: string, fields: string[]]

/** The fields of an entry, in the order that they are written in. */
const fields = [
  'guid',
  'event',
  'action',
  'repositoryId',
  'repository',
  'sender',
  'outcome',
  'reason',
  'jobs',
] as const

/** What an arrival is written down as; what it lacks is ''. */
export function toValues({ repository, jobs, ...arrival }: Arrival): string[] {
  const values: Record<(typeof fields)[number], string> = {
    guid: arrival.guid,
    event: arrival.event,
    action: arrival.action ?? '',
    repositoryId: String(repository?.id ?? ''),
    repository: repository?.fullName ?? '',
    sender: arrival.sender ?? '',
    outcome: arrival.outcome,
    reason: arrival.reason ?? '',
    jobs: jobs.length === 0 ? '' : JSON.stringify(jobs.map(({ name, id }) => ({ name, id }))),
  }
  return fields.map((field) => values[field])
}

/** The arrival that an entry tells of. */
export function toArrival([id, list]: Entry): TracedArrival {
  const found = new Map<string, string>()
  for (let index = 0; index < list.length; index += 2) found.set(list[index] ?? '', list[index + 1] ?? '')
  const text = (name: (typeof fields)[number]) => found.get(name) ?? ''
  const optional = (name: 'action' | 'sender' | 'reason') => (text(name) === '' ? {} : { [name]: text(name) })
  return {
    id,
    at: Number(id.split('-')[0]),
    guid: text('guid'),
    event: text('event'),
    ...optional('action'),
    ...(text('repositoryId') === ''
      ? {}
      : { repository: { id: Number(text('repositoryId')), fullName: text('repository') } }),
    ...optional('sender'),
    outcome: text('outcome') as Outcome,
    ...optional('reason'),
    jobs: text('jobs') === '' ? [] : JSON.parse(text('jobs')),
  }
}
