import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { messageOf } from '../errors/errors.ts'
import type { Path, Problem } from './problem.ts'

/** A YAML text as values, and where in the text each of them is. */
export interface ReadDocument {
  value: unknown
  problems: Problem[]
  /** The place of a key, or of a value; of what is not there, the place of what should hold it. */
  locate(path: Path, what: 'key' | 'value'): { line: number; column: number }
}

/** An alias that stands for more than this is a trap, not a saving of words. */
const mostAliases = 100

/** Reads YAML 1.2. Never throws: what is wrong is among the problems. */
export function readDocument(text: string): ReadDocument {
  const lines = new LineCounter()
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  try {
    // Pretty errors would quote the text, and with it what somebody may have written into it in clear.
    const document = parseDocument(text, {
      version: '1.2',
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
    })
    const problems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
      ...placeOf(pos[0]),
      where: '',
      message: `is not YAML: ${message.replaceAll(/\s+/g, ' ')}`,
    }))
    return {
      value: problems.length === 0 ? document.toJS({ maxAliasCount: mostAliases }) : undefined,
      problems,
      locate: (path, what) => placeOf(offsetOf(document, path, what)),
    }
  } catch (error) {
    const message = `cannot be read: ${error instanceof RangeError ? 'it is nested too deeply' : messageOf(error)}`
    const start = { line: 1, column: 1 }
    return { value: undefined, problems: [{ ...start, where: '', message }], locate: () => start }
  }
}

function offsetOf(document: Document.Parsed, path: Path, what: 'key' | 'value'): number {
  let offset = document.contents?.range[0] ?? 0
  let node: unknown = document.contents
  for (const [index, step] of path.entries()) {
    const holder = isAlias(node) ? node.resolve(document) : node
    if (isSeq(holder)) {
      node = holder.items[Number(step)]
      offset = startOf(node) ?? offset
      continue
    }
    const pair = isMap(holder)
      ? holder.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step))
      : undefined
    if (!pair) return offset
    node = pair.value
    offset = startOf(pair.key) ?? offset
    if (index === path.length - 1 && what === 'value' && !isEmpty(node)) offset = startOf(node) ?? offset
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  const range = (node as { range?: [number, number, number] | null } | null | undefined)?.range
  return range?.[0]
}

/** What is empty has no place of its own that anyone would look at. */
function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null)
}
