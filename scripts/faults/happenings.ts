import { now } from './clock.ts'

/** Something that was done to a process, or that it did. */
export interface Happening {
  at: number
  what: 'started' | 'killed' | 'paused' | 'resumed' | 'drained' | 'ended' | 'cut' | 'restored'
  who: string
  /** The process, where one is meant. */
  pid?: number
}

/** What happened to the processes, oldest first. */
export interface Happenings {
  list: Happening[]
  note(what: Happening['what'], who: string, pid?: number): void
}

export function createHappenings(): Happenings {
  const list: Happening[] = []
  return {
    list,
    note: (what, who, pid) => void list.push({ at: now(), what, who, ...(pid === undefined ? {} : { pid }) }),
  }
}
