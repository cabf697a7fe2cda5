/** A piece of a message. Its text is plain: whoever writes it into a language of markup escapes it there. */
export type Span =
  | { kind: 'text'; text: string; style?: 'bold' | 'italic' | 'code' }
  | { kind: 'link'; text: string; url: string }
  /** Somebody at GitHub: mentioned where the channel knows them, else named. */
  | { kind: 'person'; login: string }

export type Line = readonly Span[]

/** A notice in words, in no channel's own language yet. No span's text has a line break or a control character. */
export interface Message {
  /** The first line: what happened. */
  title: Line
  /** All that comes after it. */
  lines: readonly Line[]
}
