import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import t from 'tap'

// The compiler and the linter go through everything.
t.setTimeout(180_000)

t.test('npm run check: types, lint and format', async (t) => {
  const root = resolve('.')
  const check = spawnSync('npm', ['run', '--silent', 'check'], { cwd: root, encoding: 'utf8' })
  t.equal(check.status, 0, 'it has no complaints', { said: `${check.stdout}${check.stderr}` })
})
