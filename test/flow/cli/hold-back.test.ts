// What people hold back and decide through the command line, with GitHub (the sandbox), a receiver and a worker.
import t from 'tap'
import type { Executor } from '../../../worker/executors/executor.ts'
import { eventually, shop } from '../../fixtures/fleet.ts'
import { idIn, startWithCommandLine } from './start.ts'

// Each command is a process of its own.
t.setTimeout(150_000)

t.test('locks and freezes', async (t) => {
  const executor: Executor = async () => ({ state: 'success', description: 'Done.' })
  const { run } = await startWithCommandLine(t, { rules: { executor } })
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

  await ok(['lock', '--everything', 'the network is down', '--soft'], /^Everything/)
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
  await ok(['unlock', '--everything'], /^Everything/)
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
  const { run } = await startWithCommandLine(t, { rules: { executor } })
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
  const { run } = await startWithCommandLine(t)
  const { deliveries } = JSON.parse((await run(['deliveries', '--json'])).stdout)
  const { delivery } = deliveries[0]
  t.match(await run(['replay', delivery]), { status: 0, stdout: /./, stderr: '' })
  await eventually(async () => {
    const { arrivals } = JSON.parse((await run(['deliveries', delivery, '--json'])).stdout)
    return arrivals.length === 2
  }, 'it comes again')
  t.match(await run(['replay', '72d3162e-cc78-11e3-81ab-4c9367dc0958']), { status: 2 })
})
