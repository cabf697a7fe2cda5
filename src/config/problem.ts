/** Where something is in the file: keys of mappings and places in lists, from the top. */
export type Path = readonly (string | number)[]

/** Something that is wrong with the file. Lines and columns begin at 1. */
export interface Problem {
  line: number
  column: number
  /** Where it is, without the repository, which the line tells: `environments.production.runn`. */
  where: string
  message: string
}

/** The configuration file cannot be used; the message names every problem, one a line, and shows no secret. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  /** One a problem: `livraison.yml:12:5  environments.production.runn: unknown; did you mean run?` */
  readonly lines: readonly string[]

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
    const lines = [...new Set(sorted.map((problem) => lineOf(file, problem)))]
    super(`The configuration cannot be used:\n${lines.map((line) => `  ${line}`).join('\n')}`)
    this.lines = lines
  }
}

function lineOf(file: string, { line, column, where, message }: Problem): string {
  return `${file}:${line}:${column}  ${where === '' ? '' : `${where}: `}${message}`
}

/** A path as people read it. */
export function wordPath(path: Path): string {
  const [top, repository, ...rest] = path
  if (top !== 'repositories' || repository === undefined) return joined(path)
  return rest.length === 0 ? String(repository) : joined(rest)
}

function joined(steps: Path): string {
  return steps
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('')
}
