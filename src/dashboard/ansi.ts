import { AnsiUp } from 'ansi_up'

/**
 * Turns the lines of one log, in order, into HTML: colours become classes, everything else is escaped. A colour that a line
 * leaves on goes on in the next, as on a terminal.
 */
export function createAnsi(): (text: string) => string {
  const ansi = new AnsiUp()
  ansi.use_classes = true
  // It writes these into `style`, which our policy forbids: they become classes below.
  ansi.boldStyle = 'bold'
  ansi.faintStyle = 'faint'
  ansi.italicStyle = 'italic'
  ansi.underlineStyle = 'underline'
  return (text) => withoutStyles(ansi.ansi_to_html(lastWritten(text)))
}

/** What a terminal shows of a line that a progress bar has written over and over. Pure. */
function lastWritten(text: string): string {
  const parts = text.split('\r').filter((part) => part !== '')
  return parts.at(-1) ?? ''
}

/** In the HTML of ansi_up, `<` begins nothing but its own tags, and quotes stand in nothing but those. */
function withoutStyles(html: string): string {
  return html.replace(
    /<span style="([^"]*)"(?: class="([^"]*)")?>/g,
    (_tag, styles: string, classes = '') => {
      const all = [...styles.split(';').map(classOf), classes].filter(Boolean)
      return `<span class="${all.join(' ')}">`
    },
  )
}

/** The class for one of our words, or for an exact colour: the nearest of those that terminals have names for. */
function classOf(style: string): string {
  const [, property, r, g, b] = /^(color|background-color):rgb\((\d+),(\d+),(\d+)\)$/.exec(style) ?? []
  if (property === undefined) return style
  return `ansi-${nearest([Number(r), Number(g), Number(b)])}-${property === 'color' ? 'fg' : 'bg'}`
}

type Colour = [r: number, g: number, b: number]

const named: [name: string, colour: Colour][] = [
  ['black', [0, 0, 0]],
  ['red', [187, 0, 0]],
  ['green', [0, 187, 0]],
  ['yellow', [187, 187, 0]],
  ['blue', [0, 0, 187]],
  ['magenta', [187, 0, 187]],
  ['cyan', [0, 187, 187]],
  ['white', [229, 229, 229]],
  ['bright-black', [110, 110, 110]],
  ['bright-red', [255, 85, 85]],
  ['bright-green', [85, 255, 85]],
  ['bright-yellow', [255, 255, 85]],
  ['bright-blue', [85, 130, 255]],
  ['bright-magenta', [255, 85, 255]],
  ['bright-cyan', [85, 255, 255]],
]

function nearest(colour: Colour): string {
  const distance = (other: Colour) =>
    other.reduce((sum, part, index) => sum + (part - (colour[index] ?? 0)) ** 2, 0)
  return named.reduce((best, each) => (distance(each[1]) < distance(best[1]) ? each : best))[0]
}
