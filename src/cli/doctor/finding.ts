/** What the doctor found of one thing. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail'
  /** What was looked at. */
  of: string
  /** How it is. */
  text: string
  /** What to do about it. */
  todo?: string
}
