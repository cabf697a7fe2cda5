/**
 * Values in a text: while a template is filled in and its Markdown is read, each character of a value stands as one of Unicode's
 * private ones. To Markdown those are letters, so that no value can become markup, whatever is in it. All of it is pure.
 */

/** What a text is made of: the author's own words, what was filled in, and people to be mentioned. */
export interface Piece {
  kind: 'own' | 'value' | 'person'
  text: string
}

const bases = { value: 0xf0000, person: 0x100000 } as const
const mostPoints = 2048

/** Hides a value, cleaned, from whoever reads the text around it. */
export function hide(value: string, kind: 'value' | 'person' = 'value'): string {
  const text = clean(value)
  const points = [...text]
  const cut = points.length <= mostPoints ? text : `${points.slice(0, mostPoints - 1).join('')}…`
  return cut.replace(/./gs, (unit) => String.fromCodePoint(bases[kind] + unit.charCodeAt(0)))
}

const hidden = /([\u{f0000}-\u{fffff}]+)|([\u{100000}-\u{10ffff}]+)/gu

/** Takes a text with hidden values apart. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(hidden)) {
    if (found.index > from) pieces.push({ kind: 'own', text: text.slice(from, found.index) })
    const [run, value] = found
    pieces.push({ kind: value === undefined ? 'person' : 'value', text: show(run) })
    from = found.index + run.length
  }
  if (from < text.length) pieces.push({ kind: 'own', text: text.slice(from) })
  return pieces
}

function show(run: string): string {
  return Array.from(run, (point) => String.fromCharCode((point.codePointAt(0) ?? 0) & 0xffff)).join('')
}

const breaks = /[\p{Cc}\u2028\u2029]+/gu
// Marks that turn the direction of text, and others that nobody sees; joiners of emoji and scripts stay.
const unseen =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\u{e0000}-\u{10ffff}]/gu
const halves = /\p{Cs}/gu

/** A text in one line, with nothing in it that is not seen. */
export function clean(text: string): string {
  return text.replace(breaks, ' ').replace(halves, '\ufffd').replace(unseen, '')
}

/** A template without what stands for values. */
export function withoutHidden(text: string): string {
  return text.replace(/[\u{f0000}-\u{10ffff}]/gu, '')
}
