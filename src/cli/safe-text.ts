import { stripVTControlCharacters } from 'node:util'

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const colourSequence = /(\u001b\[[0-9;:]*m)/
// What moves the cursor, rings, or turns the direction of writing; tabs and ends of lines stay.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g
const reset = '\u001b[0m'

/**
 * A text from outside as it may be shown: whoever names a branch or writes to a log must not steer the reader's terminal.
 * Colours are kept if they are wanted. Pure.
 */
export function safeText(text: string, colours: boolean): string {
  if (!colours) return withoutControls(text)
  const parts = text.split(colourSequence)
  if (parts.length === 1) return withoutControls(text)
  const kept = parts.map((part, index) => (index % 2 === 1 ? part : withoutControls(part))).join('')
  return kept.endsWith(reset) ? kept : `${kept}${reset}`
}

/** On one line, for a cell of a table. Pure. */
export function oneLine(text: string): string {
  return withoutControls(text).replace(/\s+/g, ' ').trim()
}

function withoutControls(text: string): string {
  return stripVTControlCharacters(text).replace(controls, '')
}
