import { readFileSync } from 'node:fs'

/** Finds our package.json from here upwards: sources and the compiled tree lie at different depths. */
function findPackage(from: URL): { version: string } {
  try {
    return JSON.parse(readFileSync(new URL('package.json', from), 'utf8'))
  } catch (error) {
    const parent = new URL('../', from)
    if (parent.href === from.href) throw error
    return findPackage(parent)
  }
}

/** Livraison's own version, as package.json says it. */
export const version: string = findPackage(new URL('./', import.meta.url)).version
