// What people in charge do, through the command line, on real processes' parts: GitHub (the sandbox), receiver and worker.
import { execFileSync } from 'node:child_process'
import t, { type Test } from 'tap'
import type { Executor } from '../../worker/executors/executor.ts'
import { eventually, type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'
import { type CommandLine, commandLine } from '../fixtures/livraison.ts'
import { absent } from '../fixtures/programs.ts'

const config = `
repositories:
  acme/shop:
    environments:
      staging: { on: manual, simulate: 1ms, lane: queue }
      production: { on: manual, simulate: 1ms, lane: queue }
      careful: { on: manual, simulate: 1ms, approvals: { required: 1 } }
`

/** A fleet with a repository that is known, and a command line. */
async function start(t: Test, options: FleetOptions = {}) {
  const fleet = await startFleet(t, { config, ...options })
  const sha = await fleet.sandbox.push(shop, { message: 'First' })
  await eventually(async () => {
    const { body } = await fleet.receiver.api(`/deliveries?repository=${shop}`)
    return (body.deliveries as unknown[]).length > 0
  }, 'the repository is known')
  return { ...fleet, ...commandLine(t, fleet.receiver), sha }
}

const idIn = (text: string): number => Number(/#(\d+)/.exec(text)?.[1])

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
  const { run, cwd, sha, sandbox, states } = await start(t, { rules: { executor } })
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
    stdout: /^✗ #\d+ acme\/shop [0-9a-f]{40} to staging: failure after \d+ s\. It broke\.\n$/,
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
    stdout: new RegExp(`\\(${sha.slice(0, 7)}\\) to production: success`),
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
  const { onTerminal } = await start(t, { rules: { executor } })
  const { status, stdout } = await onTerminal(['deploy', shop, 'main', 'production'])
  t.equal(status, 0)
  t.match(stdout, '\r\u001b[2K')
  t.match(stdout, '\u001b[32m✓\u001b[39m #')
})

t.test('who stops waiting leaves the deployment running, and can end it', async (t) => {
  const { executor, begun, end } = heldExecutor()
  const { run, start: begin, sha, sandbox, finalStates } = await start(t, { rules: { executor } })
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
  const { run, sandbox, sha } = await start(t, { rules: { executor } })
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

t.test('locks and freezes', async (t) => {
  const executor: Executor = async () => ({ state: 'success', description: 'Done.' })
  const { run } = await start(t, { rules: { executor } })
  const ok = async (args: string[], stdout: RegExp) =>
    t.match(await run(args), { status: 0, stdout, stderr: '' })

  t.match(await run(['locks']), { stdout: 'Nothing is locked.\n' })
  await ok(['lock', shop, 'production', 'database migration', '--for', '2h'], /production of acme\/shop/)
  await ok(
    ['locks'],
    /^on .*\nproduction of acme\/shop {2}hard {2}ADMIN_TOKEN {2}\d+ s ago {2}in 2 h {2}database/,
  )
  t.match(await run(['deploy', shop, 'main', 'production']), { status: 1, stderr: /database migration/ })
  await ok(['status', shop, 'production'], /locked by ADMIN_TOKEN: database migration/)
  await ok(['unlock', shop, 'production'], /production of acme\/shop/)
  t.match(await run(['unlock', shop, 'production']), { stderr: /./, stdout: '' })
  t.equal((await run(['unlock', shop, 'production'])).status === 0, false)

  await ok(['lock', '--everything', 'the network is down', '--soft'], /everything/)
  const forced = [
    'deploy',
    shop,
    'main',
    'production',
    '--force',
    '--reason',
    'customers cannot pay',
    '--wait',
  ]
  t.match(await run(forced), { status: 0, stdout: /success/ })
  await ok(['unlock', '--everything'], /everything/)
  await ok(['lock', shop, 'moving house', '--owner-may-deploy'], /acme\/shop/)
  t.match(JSON.parse((await run(['locks', '--json'])).stdout), {
    locks: [{ scope: { kind: 'repository' }, ownerMayDeploy: true }],
  })
  await ok(['unlock', shop], /acme\/shop/)

  await ok(['freeze', shop, 'production', 'the fair', '--for', '2d'], /the fair|production/)
  const { freezes } = JSON.parse((await run(['freezes', '--json'])).stdout)
  await ok(['freezes'], /production of acme\/shop {2}now {5}in 2 days {2}ADMIN_TOKEN {2}the fair/)
  const waiting = JSON.parse((await run(['deploy', shop, 'main', 'production', '--json'])).stdout)
  const id = await eventually(async () => {
    const { stdout } = await run(['deployments', shop, 'production', '--state', 'queued'])
    return idIn(stdout)
  }, `${waiting.request} is held back`)
  await ok(['override', String(id), '--reason', 'customers cannot pay'], new RegExp(`#${id}`))
  t.match(await run(['logs', String(id), '--follow']), { status: 0 })
  await ok(['thaw', freezes[0].id], /./)
  t.match(await run(['freezes']), { stdout: 'Nothing is frozen.\n' })
})

t.test('approvals, tokens and the trail', async (t) => {
  const executor: Executor = async () => ({ state: 'success', description: 'Done.' })
  const { run } = await start(t, { rules: { executor } })
  const made = await run(['token', 'create', 'otto', '--role', 'approver', '--for', '1d'])
  t.match(made, { status: 0, stderr: /otto/ })
  const otto = { LIVRAISON_TOKEN: made.stdout.trim() }
  const viewer = { LIVRAISON_TOKEN: (await run(['token', 'create', 'vera'])).stdout.trim() }

  const waits = async () => {
    await run(['deploy', shop, 'main', 'careful'])
    return eventually(async () => {
      const { stdout } = await run(['deployments', shop, 'careful', '--state', 'queued'])
      return idIn(stdout)
    }, 'a deployment that waits')
  }
  const first = await waits()
  t.match(await run(['approve', String(first)]), { status: 3, stderr: /asked for/ })
  t.match(await run(['approve', String(first)], viewer), { status: 3, stdout: '' })
  t.match(await run(['approve', shop, 'careful'], otto), {
    status: 0,
    stdout: new RegExp(`#${first} .*approved`),
  })
  t.match(await run(['logs', String(first), '-f']), { status: 0 })
  const second = await waits()
  t.match(await run(['reject', String(second), '-m', 'not before the fair'], otto), {
    status: 0,
    stdout: /is rejected by otto/,
  })

  t.match(await run(['audit', '--action', 'approve']), {
    status: 0,
    stdout: /otto {6,}cli {6}approve {2}done/,
  })
  const lines = (await run(['audit', '--export', '--repository', shop])).stdout.trimEnd().split('\n')
  t.match(JSON.parse(lines[0] ?? ''), { action: 'reject', actor: { name: 'otto', face: 'cli' } })
  t.match(await run(['audit'], viewer), { status: 3 })

  const { tokens } = JSON.parse((await run(['token', 'list', '--json'])).stdout)
  t.match(await run(['token', 'list']), { status: 0, stdout: /otto {2}approver {2}all/ })
  const { id } = tokens.find(({ name }: { name: string }) => name === 'otto')
  t.match(await run(['token', 'revoke', id]), { status: 0, stdout: /otto/ })
  t.match(await run(['status'], otto), { status: 3, stderr: /does not know the token/ })
})

t.test('replay', async (t) => {
  const { run } = await start(t)
  const { deliveries } = JSON.parse((await run(['deliveries', '--json'])).stdout)
  const { delivery } = deliveries[0]
  t.match(await run(['replay', delivery]), { status: 0, stdout: /./, stderr: '' })
  await eventually(async () => {
    const { arrivals } = JSON.parse((await run(['deliveries', delivery, '--json'])).stdout)
    return arrivals.length === 2
  }, 'it comes again')
  t.match(await run(['replay', '72d3162e-cc78-11e3-81ab-4c9367dc0958']), { status: 2 })
})
