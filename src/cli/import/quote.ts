/** What YAML 1.2, or an older reader of it, would take for something else than a text. */
const otherwiseMeant = /^(null|true|false|yes|no|on|off|y|n|~)$/i

/** A text that came from elsewhere, as a value of livraison.yml: JSON is YAML, and `$${` is what stands for `${`. Pure. */
export function yamlText(text: string): string {
  return JSON.stringify(text.replaceAll('${', () => '$${'))
}

/** The same as a key. Pure. */
export function yamlKey(text: string): string {
  return /^[A-Za-z][-_./0-9A-Za-z]*$/.test(text) && !otherwiseMeant.test(text) ? text : JSON.stringify(text)
}

/** A text as one word of a shell. Pure. */
export function shellWord(text: string): string {
  return /^[-_./:,0-9A-Za-z]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** A comment, in lines that are not too long. Pure. */
export function comment(text: string, indent = ''): string[] {
  const lines: string[] = []
  // Names come from elsewhere: a line break in one would end the comment.
  for (const word of text.split(/[\s\p{Cc}\u2028\u2029]+/u)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < 100) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map((line) => `${indent}# ${line}`)
}
