import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter()

/** How many columns of a terminal a text takes. Pure. */
export function displayWidth(text: string): number {
  return stringWidth(text)
}

/** At most `columns` columns of a text, the last an ellipsis where it was cut. Pure. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const { segment } of graphemes.segment(text)) {
    width += displayWidth(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return columns < 1 ? '' : `${kept}…`
}
