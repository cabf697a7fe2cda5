import type { Policy } from './policy.ts'

/** A package that is installed where Livraison runs. */
export interface Package {
  name: string
  version: string
  /** An SPDX expression; undefined: it does not say. */
  licence: string | undefined
}

interface Lock {
  packages: Record<string, { name?: string; version?: string; license?: string; dev?: boolean }>
}

/** What a package-lock.json installs for production. Pure. */
export function productionPackages(lock: Lock): Package[] {
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { name, version = '', license }]) => ({
      name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
    }))
}

/** What is wrong with the licences, a line each. Pure. */
export function licenceProblems(packages: readonly Package[], policy: Policy): string[] {
  const unused = policy.licenceExceptions.filter(
    (each) => !packages.some(({ name }) => name === each.package),
  )
  return [
    ...packages.filter((each) => !isAllowed(each, policy)).map(wordsOf),
    ...unused.map(
      (each) => `The exception for ${each.package} is for nothing that is installed: take it away.`,
    ),
  ]
}

function isAllowed({ name, licence }: Package, { licences, licenceExceptions }: Policy): boolean {
  const exception = licenceExceptions.find((each) => each.package === name)
  if (exception !== undefined) return exception.licence === (licence ?? 'none')
  return licence !== undefined && fulfils(licence, licences)
}

function wordsOf({ name, version, licence }: Package): string {
  return licence === undefined
    ? `${name} ${version} does not say under which licence it is.`
    : `${name} ${version} is under ${licence}, which scripts/dependencies/policy.json does not allow.`
}

/**
 * Whether one may choose what is allowed: of `A OR B` one must be, of `A AND B` both. Pure.
 *
 * @see https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export function fulfils(expression: string, allowed: readonly string[]): boolean {
  const words = expression.replaceAll(/[()]/g, ' $& ').trim().split(/\s+/)
  let at = 0
  const either = (): boolean => {
    let is = both()
    while (words[at] === 'OR') {
      at++
      is = both() || is
    }
    return is
  }
  const both = (): boolean => {
    let is = one()
    while (words[at] === 'AND') {
      at++
      is = one() && is
    }
    return is
  }
  const one = (): boolean => {
    const word = words[at++]
    if (word !== '(') return word !== undefined && allowed.includes(word)
    const is = either()
    return words[at++] === ')' && is
  }
  // What is left over (`WITH ...`) is nothing that is known.
  return either() && at === words.length
}
