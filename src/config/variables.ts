import type { Environment } from '../settings/environment.ts'
import type { Path } from './problem.ts'

/** A tree of values with `${NAME}` replaced. */
export interface Substituted {
  value: unknown
  /** The values that were put in, by their names: all of them are secrets. */
  variables: Map<string, string>
  /** What is wrong; `missing` names a variable that is not set. */
  problems: { path: Path; message: string; missing?: string }[]
}

/** Nothing in the grammar is nested anywhere near as deeply. */
const deepest = 32

const variable = /\$\$\{|\$\{([^}]*)(\}?)/g
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * Replaces `${NAME}` in all texts by the environment's value; `$${` stands for `${`. It works on values, not on YAML: what
 * is put in cannot become a key or a list.
 */
export function substitute(tree: unknown, env: Environment): Substituted {
  const variables = new Map<string, string>()
  const problems: Substituted['problems'] = []

  const replaceIn = (text: string, path: Path): string =>
    text.replaceAll(variable, (whole: string, name: string | undefined, end: string) => {
      if (name === undefined) return '${'
      const value = Object.hasOwn(env, name) ? env[name] : undefined
      if (end === '' || !variableName.test(name)) {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what people are to write.
        const message = 'holds ${ without a NAME and }; write $${ for the two characters themselves'
        problems.push({ path, message })
        return whole
      }
      // An empty value is how Docker Compose and shells say "not set".
      if (value === undefined || value.trim() === '') {
        const message = `needs ${name}, which is not set in the environment; for a shell's own variable write $${name} or $$\{${name}}`
        problems.push({ path, message, missing: name })
        return whole
      }
      variables.set(name, value)
      return value
    })

  const walk = (value: unknown, path: Path): unknown => {
    if (path.length > deepest) {
      problems.push({ path, message: 'is nested too deeply' })
      return null
    }
    if (typeof value === 'string') return replaceIn(value, path)
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key === '__proto__') problems.push({ path: [...path, key], message: 'is not a name to be used' })
        return [key, walk(item, [...path, key])]
      }),
    )
  }

  return { value: walk(tree, []), variables, problems }
}
