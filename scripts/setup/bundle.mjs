import { readFileSync, rmSync } from 'node:fs'
import { basename, extname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { filesBelow } from './sources.mjs'
import { testBundleFolder, testBundleOf } from './test-bundle.mjs'

/** What runs in production: each starts with one file instead of more than a thousand. */
const entries = { server: 'src/server.ts', worker: 'worker/main.ts', livraison: 'src/cli/main.ts' }

/** Packages that are loaded when they are needed, or that look for files of their own. */
const external = ['pino', 'msgpackr-extract', '@bull-board/*', '@slack/*', 'nodemailer', '@opentelemetry/*']

/** Packages that only tests use, and that must be one with what the test runner has, or look for files of their own. */
const externalToTests = [...external, 'tap', 'playwright-core', 'esbuild', 'typescript']

/** Makes dist/bundle/ from the sources and the packages they use; what is loaded later stays in files of its own there. */
export async function bundle(root) {
  await bundleInto(root, join(root, 'dist', 'bundle'), entries, external)
}

/** Makes one file of each test file with what only it uses; what several use is in files that they share. */
export async function bundleTests(root) {
  const tests = filesBelow(root, 'test').filter((file) => file.endsWith('.test.ts'))
  const named = Object.fromEntries(tests.map((file) => [testBundleOf(file).replace(/\.js$/, ''), file]))
  await bundleInto(root, join(root, testBundleFolder), named, externalToTests)
}

async function bundleInto(root, outdir, entryPoints, external) {
  rmSync(outdir, { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    external,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // V8 keeps the text of what it runs: without its blanks it is 15 MB less. The names stay.
    minifyWhitespace: true,
    lineLimit: 160,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    // Packages in CommonJS ask for Node's own modules by it.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    plugins: [keepAddresses(root, outdir), filesOnly],
  })
}

/**
 * Node keeps the maps in memory, and most of them were of packages: of those a stack names the file and the
 * function, but always the first line. Our own sources keep their lines.
 *
 * @see https://github.com/evanw/esbuild/issues/1685
 */
const filesOnly = {
  name: 'files-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => {
      const map = Buffer.from(JSON.stringify({ version: 3, sources: [basename(path)], mappings: 'AAAA' }))
      const address = `data:application/json;base64,${map.toString('base64')}`
      return { contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=${address}`, loader: 'js' }
    })
  },
}

/** What a source file finds beside itself, it finds there still: its address is that of its own file in dist/. */
function keepAddresses(root, outdir) {
  return {
    name: 'keep-addresses',
    setup({ onLoad }) {
      onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8')
        if (!source.includes('import.meta.url')) return undefined
        const compiled = join(root, 'dist', relative(root, path)).replace(/\.tsx?$/, '.js')
        const address = `new URL(${JSON.stringify(relative(outdir, compiled))}, import.meta.url).href`
        return {
          contents: source.replaceAll('import.meta.url', address),
          loader: extname(path) === '.tsx' ? 'tsx' : 'ts',
        }
      })
    },
  }
}
