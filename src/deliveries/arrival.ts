import type { JobName } from '../jobs/job.ts'
import { truncate } from '../text.ts'

/** What became of a delivery when it arrived. */
export const outcomes = ['queued', 'duplicate', 'ignored', 'pong', 'refused', 'unavailable'] as const
export type Outcome = (typeof outcomes)[number]

/** A job that a delivery asked for. */
export interface AskedJob {
  name: JobName
  id: string
}

/** What is known of a delivery from its headers and its payload, whatever shape that has. */
export interface Subject {
  /** The GUID; redeliveries have the same. Empty if the sender gave none. */
  guid: string
  event: string
  action?: string
  repository?: { id: number; fullName: string }
  /** Who did what the event tells of, by login. */
  sender?: string
}

/** A delivery as it arrived once: a redelivery is another arrival of the same GUID. */
export interface Arrival extends Subject {
  outcome: Outcome
  /** Why it asks for nothing, or could not be taken. */
  reason?: string
  jobs: AskedJob[]
}

const lengthLimit = 100
const fullNameShape = /^[\w.-]{1,100}\/[\w.-]{1,100}$/

/** Reads who and what a delivery is about. Pure; takes every payload, since unknown events have all shapes. */
export function readSubject(guid: string, event: string, payload: unknown): Subject {
  const action = fieldOf(payload, 'action')
  const sender = fieldOf(fieldOf(payload, 'sender'), 'login')
  const repository = fieldOf(payload, 'repository')
  const id = fieldOf(repository, 'id')
  const fullName = fieldOf(repository, 'full_name')
  return {
    guid: truncate(guid, lengthLimit),
    event: truncate(event, lengthLimit),
    ...(typeof action === 'string' ? { action: truncate(action, lengthLimit) } : {}),
    ...(Number.isSafeInteger(id) && typeof fullName === 'string' && fullNameShape.test(fullName)
      ? { repository: { id: id as number, fullName } }
      : {}),
    ...(typeof sender === 'string' ? { sender: truncate(sender, lengthLimit) } : {}),
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
