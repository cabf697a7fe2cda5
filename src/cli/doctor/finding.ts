/** What the doctor found of one thing. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail'
  /** What was looked at. */
  of: string
  /** How it is. */
  text: string
  /** What to do about it. */
  todo?: string
  /** What the doctor has done about it. */
  done?: string
}

/** A finding, and what mends it, where nothing can be lost by that. */
export interface Mendable extends Finding {
  /** Mends it; gives what was done, in words. */
  mend?: () => Promise<string>
}
