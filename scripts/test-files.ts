// Runs the built test files that are named, several side by side, each in a process of its own; says TAP.
// tap's own command would load the compiler into each of them, which costs more than most of them do.
import t from 'tap'

const jobs = 3
const limitSeconds = 120

t.jobs = jobs
t.setTimeout(0)
for (const file of process.argv.slice(2)) {
  // Each watches its own time, and says what it was at when that was over.
  const env = { ...process.env, TAP_TIMEOUT: String(limitSeconds) }
  t.spawn(process.execPath, ['--enable-source-maps', file], { buffered: true, env }, sourceOf(file))
}

function sourceOf(built: string): string {
  return built.replace(/^dist\//, '').replace(/\.js$/, '.ts')
}
