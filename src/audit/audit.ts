import type { Actor } from '../access/actor.ts'

/** What somebody did, or was refused. */
export interface AuditEntry {
  /** The id of the entry in its stream: it orders them. */
  id: string
  /** Milliseconds since 1970. */
  at: number
  /** The operation, or `sign-in`, `token-create`, ... */
  action: string
  actor: Pick<Actor, 'kind' | 'name' | 'face'>
  repository?: string
  environment?: string
  deployment?: number
  reason?: string
  /** `done`, or the code of the refusal. */
  outcome: string
  /** The sentence that the actor was told. */
  text: string
}

/** Which entries; what is left out matches all. */
export interface AuditFilter {
  repository?: string | undefined
  actor?: string | undefined
  action?: string | undefined
}

/** The trail of what people did: a capped stream, exported as JSON lines. */
export interface Audit {
  note(entry: Omit<AuditEntry, 'id' | 'at'>): Promise<void>
  list(
    filter: AuditFilter,
    limit: number,
    before?: string,
  ): Promise<{ entries: AuditEntry[]; next: string | undefined }>
}
