/** What separates letters without being seen: `@everyone` with it after the @ calls nobody. */
const separator = '\u200b'

/** Control characters but for the line break, and what turns the direction of a text around. */
const unseen = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/**
 * A text that came from elsewhere, so that no chat reads more in it than words: nobody is called, nothing is linked but by its own
 * address, no entity or markup becomes another text. Pure.
 *
 * @param {string} text
 */
export function plainText(text) {
  return text
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(unseen, '')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll(/@(?=[\p{L}\p{N}_-])/gu, `@${separator}`)
    .replaceAll(/&(?=#?[0-9a-z]+;)/gi, `&${separator}`)
    .replaceAll('](', `]${separator}(`)
}
