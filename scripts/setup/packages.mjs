import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.mjs'

/**
 * Whether `npm ci` has something to do below `root`; `dev`: whether what is needed to build and to test must be there, too
 * (`npm prune --omit=dev` takes it away once all is built).
 */
export function packagesAreMissing(root, { dev = true } = {}) {
  const wanted = readLock(join(root, 'package-lock.json'))
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'))
  return !wanted || !installed || lacksPackage(wanted, installed, { dev })
}

/**
 * Whether `installed` (npm's own record in node_modules) lacks something that `wanted` (package-lock.json)
 * names. Contents are compared, not file times: a checkout changes those, and `npm install` writes both files
 * in no certain order.
 */
export function lacksPackage(wanted, installed, { dev = true } = {}) {
  return Object.entries(wanted.packages).some(([path, entry]) => {
    if (path === '') return false
    const found = installed.packages[path]
    // Optional packages for other platforms are in the lock file and never installed.
    if (!found) return !entry.optional && !entry.devOptional && (dev || !entry.dev)
    return found.version !== entry.version || found.integrity !== entry.integrity
  })
}

/** Installs exactly what package-lock.json says, development dependencies too: they are needed to build. */
export function installPackages(root) {
  // The npm that runs us, so that it is found when it is not on PATH.
  const npm = process.env.npm_execpath
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []]
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  return run(command, [...first, ...options], { cwd: root })
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
