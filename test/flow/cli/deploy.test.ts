// What people deploy through the command line, with GitHub (the sandbox), a receiver and a worker.
import { execFileSync } from 'node:child_process'
import t from 'tap'
import type { Executor } from '../../../worker/executors/executor.ts'
import { eventually, shop } from '../../fixtures/fleet.ts'
import { heldExecutor } from '../../fixtures/held-executor.ts'
import type { CommandLine } from '../../fixtures/livraison.ts'
import { absent } from '../../fixtures/programs.ts'
import { idIn, startWithCommandLine } from './start.ts'

// Each command is a process of its own.
t.setTimeout(150_000)

async function deployed(run: CommandLine['run'], ...args: string[]): Promise<number> {
  const { status, stdout, stderr } = await run(['deploy', ...args, '--wait'])
  if (status !== 0) throw new Error(`${stdout}${stderr}`)
  return idIn(stdout)
}

t.test('deploy, and wait for the end', async (t) => {
  let state: 'success' | 'failure' = 'success'
  const executor: Executor = async ({ log }) => {
    log('fetching \u001b[1mit\u001b[0m')
    return { state, description: state === 'success' ? 'It is there.' : 'It broke.' }
  }
  const { run, cwd, sha, sandbox, states } = await startWithCommandLine(t, { rules: { executor } })
  const done = await run(['deploy', shop, 'main', 'production', '--wait', '--logs'])
  const id = idIn(done.stdout)
  t.match(done, {
    status: 0,
    stdout: new RegExp(
      `^✓ #${id} acme/shop main \\(${sha.slice(0, 7)}\\) to production: success after \\d+ s\\. It is there\\.\n$`,
    ),
    stderr: new RegExp(`#${id} acme/shop ${sha.slice(0, 7)} to production: [\\s\\S]*fetching it\n`),
  })
  t.strictSame(states(id), ['pending', 'in_progress', 'success'])

  const asked = await run(['deploy', shop, 'main', 'staging', '--json'])
  t.equal(asked.status, 0, 'elsewhere than on a terminal it does not wait')
  t.match(JSON.parse(asked.stdout), { outcome: 'done', repository: shop, environment: 'staging', sha })

  state = 'failure'
  const failed = await run(['deploy', shop, sha, 'staging', '--wait'])
  t.match(failed, {
    status: 1,
    stdout: /^✗ #\d+ acme\/shop [0-9a-f]{7} to staging: failure after \d+ s\. It broke\.\n$/,
    stderr: new RegExp(`The deployment did not succeed. Its log: livraison logs ${idIn(failed.stdout)}\n$`),
  })
  const retried = await run(['retry', String(idIn(failed.stdout)), '--wait', '--json'])
  t.equal(retried.status, 1)
  t.match(JSON.parse(retried.stdout), { state: 'failure', sha })

  state = 'success'
  execFileSync('git', ['init', '--quiet'], { cwd })
  execFileSync('git', ['remote', 'add', 'origin', `${sandbox.url}/${shop}.git`], { cwd })
  const here = { GITHUB_SERVER_URL: sandbox.url }
  t.match(await run(['deploy', 'production', '--wait'], here), {
    status: 0,
    stdout: new RegExp(`acme/shop main \\(${sha.slice(0, 7)}\\) to production: success`),
  })

  const rows: [args: string[], status: number, complaint: RegExp][] = [
    [[shop], 2, /^Name the environment: acme\/shop has staging, production, careful\./],
    [[shop, 'main', 'prodution'], 2, /prodution/],
    [[shop, 'mian', 'production'], 2, /has no branch, tag or commit mian/],
    [['acme/other', 'main', 'production'], 2, /acme\/other/],
  ]
  for (const [args, status, stderr] of rows) {
    t.match(await run(['deploy', ...args]), { status, stdout: '', stderr })
  }
})

t.test('on a terminal it waits by itself, in one line', { skip: absent('script') }, async (t) => {
  const executor: Executor = async () => ({ state: 'success', description: 'It is there.' })
  const { onTerminal } = await startWithCommandLine(t, { rules: { executor } })
  const { status, stdout } = await onTerminal(['deploy', shop, 'main', 'production'])
  t.equal(status, 0)
  t.match(stdout, '\r\u001b[2K')
  t.match(stdout, '\u001b[32m✓\u001b[39m #')
})

t.test('who stops waiting leaves the deployment running, and can end it', async (t) => {
  const { executor, begun, end } = heldExecutor()
  const {
    run,
    start: begin,
    sha,
    sandbox,
    finalStates,
  } = await startWithCommandLine(t, { rules: { executor } })
  const late = await run(['deploy', shop, 'main', 'production', '--wait', '--timeout', '2s'])
  const [first = 0] = begun
  t.match(late, {
    status: 5,
    stdout: '',
    stderr: new RegExp(`Not over after 2s\\. #${first} goes on\\. livraison cancel ${first} ends it`),
  })

  const waiting = begin(['deploy', shop, 'main', 'production', '--wait'])
  await eventually(() => /#\d+ .*: queued: /.test(waiting.stderr()), 'that it waits for its turn')
  const second = Number(/#(\d+) .*: queued/.exec(waiting.stderr())?.[1])
  waiting.child.kill('SIGINT')
  t.match(await waiting.ended, { status: 130, stderr: new RegExp(`livraison cancel ${second} ends it`) })

  t.match(await run(['cancel', shop, 'production']), {
    status: 2,
    stderr: new RegExp(`there are #${second} \\(queued\\), #${first} \\(in_progress\\)`),
  })
  t.match(await run(['cancel', String(second), '--reason', 'not yet']), {
    status: 0,
    stdout: new RegExp(`^#${second} to production of acme/shop is cancelled by ADMIN_TOKEN before it began`),
  })
  t.match(await run(['cancel', shop, 'production']), { status: 0, stdout: /while it ran/ })
  t.equal((await finalStates(first)).at(-1), 'error')
  t.match(await run(['cancel', String(first)]), { status: 1, stderr: /is over already/ })
  t.match(await run(['cancel', shop, 'production']), { status: 1, stderr: /^No deployment to production/ })

  const retrying = begin(['retry', String(second), '--wait'])
  await eventually(() => begun.length === 2, 'the retry runs')
  end(begun[1] ?? 0)
  t.match(await retrying.ended, { status: 0, stdout: new RegExp(sha.slice(0, 7)) })
  t.strictSame(sandbox.violations, [])
})

t.test('promote, and roll back', async (t) => {
  const executor: Executor = async () => ({ state: 'success', description: 'Done.' })
  const { run, sandbox, sha } = await startWithCommandLine(t, { rules: { executor } })
  const first = await deployed(run, shop, 'main', 'staging')
  const promoted = await run(['promote', shop, 'staging', '--to', 'production', '--wait'])
  t.match(promoted, { status: 0, stdout: new RegExp(`${sha.slice(0, 7)}.* to production: success`) })
  t.match(await run(['promote', String(first)]), { status: 2, stderr: /comes after staging/ })

  const second = await sandbox.push(shop, { message: 'Second' })
  await deployed(run, shop, second, 'production')
  const back = await run(['rollback', shop, 'production', '--wait'])
  t.match(back, { status: 0, stdout: new RegExp(`${sha.slice(0, 7)}.* to production: success`) })
  const to = idIn(promoted.stdout)
  const third = await deployed(run, shop, second, 'production')
  const named = await run(['rollback', String(third), '--to', `#${to}`, '--wait', '--json'])
  t.match(JSON.parse(named.stdout), { state: 'success', sha, rollbackOf: third })
  t.match(await run(['rollback', String(third), '--to', '1']), { status: 1, stderr: /no deployment #1/ })
})
