import { createRequire } from 'node:module'
import type { Liquid, Template } from 'liquidjs'
import { closest } from '../config/spelling.ts'
import { clean, hide, withoutHidden } from './values.ts'
import { samples, type VariableName, variablesOf } from './variables.ts'

/** What an operator may write in a text is Liquid, without what reads files or writes values past the escaping. */
const tags = ['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'comment', '#', 'raw'] as const
const filters = [
  ...['append', 'prepend', 'capitalize', 'downcase', 'upcase', 'strip', 'remove', 'replace', 'truncate'],
  ...['truncatewords', 'slice', 'split', 'join', 'first', 'last', 'size', 'map', 'where', 'sort', 'uniq'],
  ...['reverse', 'compact', 'plus', 'minus', 'times', 'divided_by', 'modulo', 'round', 'default'],
] as const

const mostCharacters = 10_000
const limits = { parseLimit: mostCharacters, renderLimit: 2000, memoryLimit: 100_000 }
const mostSteps = 5000

/** Fills a template in, values hidden (values.ts). @throws {Error} if it cannot be */
export function fillTemplate(text: string, values: Record<VariableName, unknown>): string {
  const liquid = theEngine()
  return String(liquid.renderSync(liquid.parse(withoutHidden(text)), values, { templateLimit: mostSteps }))
}

/** What is wrong with a text, in words; undefined if it can be used. */
export function checkTemplate(text: string): string | undefined {
  if (text.trim() === '') return 'it is empty'
  if (text.length > mostCharacters) return `it is longer than ${mostCharacters} characters`
  const liquid = theEngine()
  try {
    const template = liquid.parse(withoutHidden(text))
    const unknown = findUnknown(liquid, template)
    if (unknown !== undefined) return unknown
    for (const sample of samples) fillTemplate(text, variablesOf(sample))
    return undefined
  } catch (error) {
    return wordsOf(error)
  }
}

function findUnknown(liquid: Liquid, template: Template[]): string | undefined {
  const { globals } = liquid.analyzeSync(template, { partials: false })
  const known = Object.keys(variablesOf(samples[0]))
  const wrong = Object.values(globals)
    .flat()
    .find(({ segments: [root] }) => !known.includes(String(root)))
  return wrong && unknownWords('variable', String(wrong.segments[0]), known, wrong.location.row)
}

function unknownWords(
  what: string,
  name: string,
  known: readonly string[],
  line: number | undefined,
): string {
  const meant = closest(name, known)
  const where = line === undefined ? '' : ` (line ${line} of the text)`
  return `there is no ${what} "${clean(name)}"${where}${meant === undefined ? '' : `; did you mean "${meant}"?`}`
}

/** What Liquid says, in our words where it is something unknown. */
function wordsOf(error: unknown): string {
  const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  const [, message = said, row] = /^(.*?)(?:, line:(\d+), col:\d+)?$/.exec(said) ?? []
  const line = row === undefined ? undefined : Number(row)
  const filter = /^undefined filter: (.*)$/.exec(message)?.[1]
  if (filter !== undefined) return unknownWords('filter', filter, [...filters, 'person', 'link'], line)
  const tag = /^tag "(.*)" not found$/.exec(message)?.[1]
  if (tag !== undefined) return unknownWords('tag', tag, tags, line)
  const variable = /^undefined variable: (.*)$/.exec(message)?.[1]
  if (variable !== undefined) return unknownWords('variable', variable, [], line)
  return line === undefined ? clean(message) : `${clean(message)} (line ${line} of the text)`
}

let engine: Liquid | undefined

/** Loaded when the first text is: the receiver of somebody who has none of their own never does. */
function theEngine(): Liquid {
  engine ??= openEngine()
  return engine
}

function openEngine(): Liquid {
  const library: typeof import('liquidjs') = createRequire(import.meta.url)('liquidjs')
  const liquid = new library.Liquid({
    ...{ strictVariables: true, strictFilters: true, ownPropertyOnly: true, ...limits },
    ...{ templates: {}, outputEscape: (value: unknown) => hide(wordOf(value)) },
  })
  keepOnly(liquid.tags, tags)
  keepOnly(liquid.filters, filters)
  liquid.registerFilter('person', { raw: true, handler: mention })
  liquid.registerFilter('link', { raw: true, handler: link })
  return liquid
}

function keepOnly(table: Record<string, unknown>, names: readonly string[]): void {
  for (const name of Object.keys(table)) if (!names.includes(name)) delete table[name]
}

/** `{{ by | person }}`: somebody, or several, to be mentioned. */
function mention(value: unknown): string {
  const names = (Array.isArray(value) ? value : [value]).map(wordOf).filter((name) => name !== '')
  return names.map((name) => hide(name, 'person')).join(', ')
}

/** `{{ title | link: url }}`: a link, or only its text where there is no address. */
function link(value: unknown, url: unknown): string {
  const text = hide(wordOf(value))
  const address = hide(wordOf(url))
  return text === '' || address === '' ? text : `[${text}](${address})`
}

function wordOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordOf).join(', ')
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value)
}
