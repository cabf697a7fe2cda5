// How the command is asked: help, mistakes, completion.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import t from 'tap'
import { createProgram } from '../../../src/cli/program.ts'
import { commandLine } from '../../fixtures/livraison.ts'

// Each command is a process of its own.
t.setTimeout(150_000)

t.test('each command says how it is used, with an example', async (t) => {
  const { run } = commandLine(t)
  const { status, stdout, stderr } = await run(['--help'])
  t.match({ status, stderr }, { status: 0, stderr: '' })
  t.match(stdout, /^Usage: livraison[\s\S]*LIVRAISON_URL[\s\S]*Exit status:/)
  for (const command of createProgram().commands) {
    if (command.name() === 'complete') continue
    t.match(stdout, `\n  ${command.name()}`)
    let help = ''
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
    t.match(help, /\nExamples:\n {2}/, command.name())
    for (const line of help.split('\n')) t.ok(line.length <= 110, line)
  }
})

t.test('asked wrongly, it says what was probably meant', async (t) => {
  const { run } = commandLine(t)
  t.match(await run([]), { status: 2, stdout: '', stderr: /^Usage: livraison/ })
  t.match(await run(['chekc']), { status: 2, stderr: /unknown command 'chekc'\n\(Did you mean check\?\)/ })
  t.match(await run(['toString']), { status: 2, stderr: /unknown command/ })
  t.match(await run(['deploy', '--wiat']), { status: 2, stderr: /Did you mean --wait\?/ })
  t.match(await run(['override', '5']), { status: 2, stderr: /--reason/ })
  t.match(await run(['deploy', 'acme/shop', '--force']), { status: 2, stderr: '--force needs a --reason.\n' })
  t.match(await run(['deploy', 'acme/shop', '--payload', '[]']), { status: 2, stderr: /takes a JSON object/ })
  t.match(await run(['lock', 'acme/shop', 'production', 'why', '--for', 'long']), {
    status: 2,
    stderr: /--for takes/,
  })
  t.match(await run(['freeze', 'acme/shop', 'why']), { status: 2, stderr: /--until or with --for/ })
  t.match(await run(['rollback', '5', '--to', 'yesterday']), { status: 2, stderr: /--to takes the number/ })
  t.match(await run(['--version']), { status: 0, stdout: /^\d+\.\d+\.\d+\n$/ })
})

t.test('shells complete commands and options, without a server too', async (t) => {
  const { run } = commandLine(t)
  const complete = async (...words: string[]) => (await run(['complete', '--', ...words])).stdout
  t.match(await complete('de'), /^deployments\t[\s\S]*\ndeploy\tdeploy a branch/)
  t.match(await complete('deploy', '--no'), /^--no-wait\t/)
  t.match(await complete('token', ''), /create\t[\s\S]*list\t[\s\S]*revoke\t/)
  t.match(await complete('deploy', ''), /^:\d+\n$/, 'nobody answers, which takes no time')
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { status, stdout } = await run(['completion', shell])
    t.equal(status, 0)
    t.match(stdout, /livraison complete -- /)
    const program = ['/bin', '/usr/bin']
      .map((folder) => `${folder}/${shell}`)
      .find((file) => existsSync(file))
    if (program) t.equal(spawnSync(program, ['-n'], { input: stdout }).status, 0, `${shell} can read it`)
  }
  t.match(await run(['completion', 'csh']), { status: 2, stderr: /bash, zsh, fish/ })
})
