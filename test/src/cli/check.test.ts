// The command as people run it; the set-up of `npm test` has built it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import t from 'tap'
import { exampleEnvironment } from '../../fixtures/example-environment.ts'

const program = resolve('dist/bundle/livraison.js')
const example = resolve('livraison.example.yml')

// Each command is a process of its own.
t.setTimeout(150_000)

const cwd = mkdtempSync(join(tmpdir(), 'livraison-cli-'))
t.teardown(() => rmSync(cwd, { recursive: true }))

function livraison(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

t.test('a file that can be used is told in words', async (t) => {
  const { status, stdout, stderr } = livraison(['check', example], exampleEnvironment)
  t.strictSame([status, stderr], [0, ''])
  t.match(
    stdout,
    /^acme\/shop\n {2}A pull request merged into main of acme\/shop is deployed to staging by running /,
  )
  t.match(stdout, /can be used\.\n$/)
  t.notOk(stdout.includes('hunter2'))
})

t.test('one that cannot is told by all that is wrong with it, with exit status 1', async (t) => {
  const { status, stdout, stderr } = livraison(['check', example])
  t.strictSame([status, stdout], [1, ''])
  t.match(
    stderr,
    /^The configuration cannot be used:\n {2}.*:\d+:\d+ {2}environments\.staging\.env\.DEPLOY_KEY: needs DEPLOY_KEY/,
  )
  t.match(livraison(['check', 'none.yml']), { status: 1, stderr: /none\.yml:1:1 {2}cannot be read: ENOENT/ })
  t.match(livraison(['check'], { CONFIG_FILE: 'none.yml' }), {
    status: 1,
    stderr: /CONFIG_FILE names "none\.yml"/,
  })
})

t.test('without a name it is CONFIG_FILE, else livraison.yml, else none', async (t) => {
  t.match(livraison(['check']), { status: 0, stdout: /^There is no livraison\.yml: .*simulate executor/ })
  writeFileSync(join(cwd, 'livraison.yml'), 'repositories: { acme/one: {} }')
  writeFileSync(join(cwd, 'other.yml'), 'repositories: {}')
  writeFileSync(join(cwd, '.env'), 'FROM=main')
  t.match(livraison(['check']), {
    status: 0,
    stdout: 'acme/one\n  Nothing is deployed.\n\nlivraison.yml can be used.\n',
  })
  t.match(livraison(['check'], { CONFIG_FILE: 'other.yml' }), {
    status: 0,
    stdout: 'No repository is named: nothing is deployed.\n\nother.yml can be used.\n',
  })
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what is written in the file.
  const text = 'repositories: { acme/one: { branch: "${FROM}", environments: { a: { simulate: 1s } } } }'
  writeFileSync(join(cwd, 'livraison.yml'), text)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the value is shown by its name.
  t.match(livraison(['check']).stdout, 'merged into ${FROM} of acme/one', 'with what .env gives')
})

t.test('asked wrongly, it says how to ask', async (t) => {
  t.match(livraison(['check', 'a', 'b']), { status: 2, stderr: /too many arguments/ })
  t.match(livraison(['check', '--fast']), { status: 2, stderr: /--fast/ })
})
