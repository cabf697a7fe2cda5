import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './run.mjs'
import { filesBelow, fingerprint, sourceFolders } from './sources.mjs'

/** What can be built: the product, or the product with its tests. */
const product = { folders: sourceFolders, project: 'tsconfig.build.json', stamp: '.stamp' }
const withTests = {
  folders: [...sourceFolders, 'test'],
  project: 'tsconfig.test.json',
  stamp: '.stamp-tests',
}

/** Whether dist/ was built from other sources than those that are there now. */
export function buildIsStale(root, { tests = false } = {}) {
  return isStale(root, tests ? withTests : product)
}

function isStale(root, { stamp, folders }) {
  try {
    return readFileSync(join(root, 'dist', stamp), 'utf8') !== fingerprint(root, folders)
  } catch {
    return true
  }
}

/** Builds dist/ from the sources. Throws with the compiler's complaints; dist/ then counts as stale. */
export async function build(root, { tests = false } = {}) {
  const { folders, project } = tests ? withTests : product
  const made = tests ? [product, withTests] : [product]
  const before = made.map((target) => [join(root, 'dist', target.stamp), fingerprint(root, target.folders)])
  for (const [stamp] of before) rmSync(stamp, { force: true })
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  await run(process.execPath, [compiler, '--project', project], { cwd: root })
  const sources = folders.flatMap((folder) => filesBelow(root, folder))
  copyAssets(root, sources)
  for (const file of orphans(sources, filesOfDist(root, folders))) rmSync(join(root, 'dist', file))
  // Its packages may not be there before.
  const { bundle, bundleTests } = await import('./bundle.mjs')
  await bundle(root)
  if (tests) await bundleTests(root)
  // A source that was saved meanwhile makes this stamp out of date at once, as it should.
  for (const [stamp, fingerprint] of before) writeFileSync(stamp, fingerprint)
}

/** Files in dist/ (paths relative to it) that no longer come from any source. */
export function orphans(sources, built) {
  const kept = new Set(sources.flatMap((source) => outputsOf(source)))
  return built.filter((file) => !kept.has(file))
}

function outputsOf(source) {
  if (isDeclaration(source)) return []
  if (!isCompiled(source)) return [source]
  const name = source.replace(/\.tsx?$/, '')
  return [`${name}.js`, `${name}.js.map`]
}

/** What the compiler does not carry over: scripts in plain JavaScript, style sheets, Lua. */
function copyAssets(root, sources) {
  for (const source of sources) {
    if (isCompiled(source) || isDeclaration(source)) continue
    const target = join(root, 'dist', source)
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(join(root, source), target)
  }
}

function isCompiled(source) {
  return /\.tsx?$/.test(source)
}

function isDeclaration(source) {
  return /\.d\.[cm]?ts$/.test(source)
}

function filesOfDist(root, folders) {
  return folders.flatMap((folder) => filesBelow(join(root, 'dist'), folder))
}
