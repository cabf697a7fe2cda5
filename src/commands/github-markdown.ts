/*
 * Text from people in Markdown of GitHub's: it is shown as it is, and does nothing. All of it is pure.
 *
 * GitHub looks for mentions, references to issues and addresses in the text that is left after Markdown was made into HTML, so that no
 * backslash and no entity keeps it from finding them: something that cannot be seen in between does, and so does a code span.
 * @see https://github.github.com/gfm/ 2.4 (backslash escapes), 6.1, 6.9 (autolinks)
 * @see https://github.com/renovatebot/renovate/blob/main/lib/util/markdown.ts which breaks mentions in the same way
 */

const nothing = '\u200b'

/**
 * Text on one line in which nothing is a mention, a reference, a link, an image, HTML or Markdown. Only what could be something is
 * changed: mails show the text as it is written.
 */
export function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|~&$]/g, (sign) => `\\${sign}`)
    .replace(/^(\d+)(?=[.)])|^(?=[-+=])/, '$1\\')
    .replace(/[@#]/g, (sign) => `${sign}${nothing}`)
    .replace(/(gh)(?=-)|(www)(?=\.)|(https?|ftp|mailto|xmpp)(?=:)/gi, (word) => `${word}${nothing}`)
}

/** A name or a text as code. */
export function code(text: string): string {
  const line = oneLine(text).replaceAll('`', 'ˋ')
  return line === '' ? '` `' : `\`${line}\``
}

/** Our own words, leading to an address of ours or GitHub's. */
export function link(words: string, address: string): string {
  return `[${plain(words)}](<${oneLine(address).replace(/[<>\s\\]/g, encodeURIComponent)}>)`
}

/** A row of a table: a `|` in a cell would begin another, even in code. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`
}

/** Without what has no width, turns the direction of writing, or ends the line. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .trim()
}
