/** A text of the file as it may be shown: what came from the environment is shown by its name. */
export type Show = (text: string) => string

/** `a, b and c`. */
export function listWords(words: readonly string[], and = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`
}
