// Runs the test files that are named, as they were bundled, several side by side, each in a process of its own; says TAP.
// tap's own command would load the compiler into each of them, which costs more than most of them do.
import { join } from 'node:path'
import t from 'tap'
import { testBundleFolder, testBundleOf } from './setup/test-bundle.mjs'

const jobs = 3
const limitSeconds = 120

t.jobs = jobs
t.setTimeout(0)
for (const file of process.argv.slice(2)) {
  // Each watches its own time, and says what it was at when that was over.
  const env = { ...process.env, TAP_TIMEOUT: String(limitSeconds) }
  const bundled = join(testBundleFolder, testBundleOf(file))
  t.spawn(process.execPath, ['--enable-source-maps', bundled], { buffered: true, env }, file)
}
