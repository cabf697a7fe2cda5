import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The folders of the product that are built. */
export const sourceFolders = ['src', 'worker', 'sandbox', 'scripts']
const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']

/** Every file below `folder`, as paths relative to `root`, sorted. */
export function filesBelow(root, folder) {
  let entries
  try {
    entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
  // `parentPath` is called `path` in the first releases of Node 20.
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1)).sort()
}

/**
 * A text that changes when a source file is changed, added, renamed or deleted, or a file gets an older
 * content back (as in a checkout): names, sizes and times of all of them, hashed. npm writes its own files again with what they hold
 * already: of those, it is the content that counts.
 */
export function fingerprint(root, folders = sourceFolders) {
  const hash = createHash('sha256')
  for (const file of settings) hash.update(`${file} `).update(readFileSync(join(root, file)))
  for (const file of folders.flatMap((folder) => filesBelow(root, folder))) {
    const { size, mtimeMs } = statSync(join(root, file))
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}
