/**
 * The very text of a member of a JSON object, as it stands there: to parse it and write it again could change what was signed.
 * Undefined if there is no such member; of several the last, as JSON.parse has it. Pure.
 *
 * @param json the text of an object, which is known to be JSON
 */
export function rawMember(json: string, name: string): string | undefined {
  let found: string | undefined
  let at = skipBlanks(json, json.indexOf('{') + 1)
  while (json[at] === '"') {
    const keyEnd = stringEnd(json, at)
    const key: unknown = JSON.parse(json.slice(at, keyEnd))
    const start = skipBlanks(json, skipBlanks(json, keyEnd) + 1)
    const end = valueEnd(json, start)
    if (key === name) found = json.slice(start, end).trimEnd()
    // Past the comma; at the end of the object, past all.
    at = skipBlanks(json, end + 1)
  }
  return found
}

function skipBlanks(json: string, from: number): number {
  let at = from
  while (at < json.length && ' \t\r\n'.includes(json.charAt(at))) at++
  return at
}

/** Where the string that begins here has ended. */
function stringEnd(json: string, from: number): number {
  let at = from + 1
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at + 1
}

/** Where the value that begins here is over: at the comma or brace that is no part of it. */
function valueEnd(json: string, from: number): number {
  let depth = 0
  let at = from
  while (at < json.length) {
    const character = json.charAt(at)
    if (character === '"') {
      at = stringEnd(json, at)
      continue
    }
    if (depth === 0 && (character === ',' || character === '}')) return at
    if (character === '{' || character === '[') depth++
    if (character === '}' || character === ']') depth--
    at++
  }
  return at
}
