// What the command line shows of a receiver, as people run it.
import { execFileSync } from 'node:child_process'
import t from 'tap'
import { freePort } from '../../../scripts/free-port.ts'
import { signed } from '../../fixtures/deliveries.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { commandLine } from '../../fixtures/livraison.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { eventFrom, jobOf, openStores } from '../api/stores.ts'

// Each command is a process of its own.
t.setTimeout(150_000)

t.test('deployments, as a table and as the API has them', async (t) => {
  const receiver = await startReceiver(t)
  const { run, cwd } = commandLine(t, receiver)
  t.match(await run(['deployments']), { status: 0, stdout: 'There are none.\n', stderr: '' })
  const { records, lanes } = await openStores(t, receiver)
  await receiver.deliver(signed('push', eventFrom()))
  await records.accept(jobOf(1))
  await records.accept(jobOf(2, { environment: 'staging', description: 'wild \u001b[2J text' }))
  await lanes.end(jobOf(1), 'error', 'Given up.')

  const { stdout } = await run(['deployments'])
  const [head = '', ...lines] = stdout.trimEnd().split('\n')
  t.match(head, /^number {2}repository {2}environment {2}state {4}commit/)
  t.match(lines, [
    /^#2 {6}acme\/shop {3}staging {6}pending/,
    /^#1 {6}acme\/shop {3}production {3}error {4}main \(0000000\)/,
  ])
  t.notOk(stdout.includes('\u001b') || stdout.includes('\t'), 'no colours, no tabs')
  const { stdout: painted } = await run(['deployments'], { FORCE_COLOR: '1' })
  t.match(painted, '\u001b[31merror\u001b[39m')
  t.notOk(painted.includes('\u001b[2J'), 'what others wrote clears no screen')

  const json = JSON.parse((await run(['deployments', 'acme/shop', 'staging', '--json'])).stdout)
  t.strictSame(json, (await receiver.api('/deployments?repository=acme/shop&environment=staging')).body)
  t.match(await run(['deployments', '--state', 'done']), { status: 2, stderr: /state must be one of/ })
  t.match(await run(['deployments', '-R', 'shop']), { status: 2, stderr: /write it as in acme\/shop/ })

  execFileSync('git', ['init', '--quiet'], { cwd })
  execFileSync('git', ['remote', 'add', 'origin', 'git@github.com:acme/till.git'], { cwd })
  t.match(
    await run(['deployments']),
    { stdout: 'There are none.\n' },
    'the current folder names the repository',
  )
  t.match(await run(['deployments', '-R', 'acme/shop', 'production']), { stdout: /#1/ })
})

t.test('why, in words', async (t) => {
  const receiver = await startReceiver(t)
  const { run } = commandLine(t, receiver)
  const { records, lanes } = await openStores(t, receiver)
  await receiver.deliver(signed('push', eventFrom()))
  await records.accept(jobOf(1))
  await lanes.end(jobOf(1), 'error', 'Given up.')
  const { status, stdout } = await run(['why', 'acme/shop', 'production'])
  t.equal(status, 0)
  t.match(
    stdout,
    /^In production of acme\/shop nothing runs[\s\S]*\n\nEnded\n {2}#1 of 0000000 ended as error .* ago: Given up\./,
  )
  t.match(JSON.parse((await run(['why', 'acme/shop', 'review/12', '--json'])).stdout), {
    repository: 'acme/shop',
    environment: 'review/12',
  })
  t.match(await run(['why', 'production']), { status: 2, stderr: /^Name the repository/ })
})

t.test('logs, whole and followed', async (t) => {
  const receiver = await startReceiver(t)
  const { run, start } = commandLine(t, receiver)
  const { records, lanes, logs } = await openStores(t, receiver)
  await receiver.deliver(signed('push', eventFrom()))
  const job = jobOf(5)
  await records.accept(job)
  const entry = await lanes.enter(job, 'supersede', 'host-1')
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  await lanes.begin(job, entry.fence)
  await logs.append(5, ['one', '\u001b[31mtwo\u001b[0m\u009b2J'])

  t.match(await run(['logs', '5']), { status: 0, stdout: 'one\ntwo\n', stderr: '' })
  t.match(await run(['logs', '#5', '--json']), {
    stdout: '{"text":"one"}\n{"text":"\\u001b[31mtwo\\u001b[0m\\u009b2J"}\n',
  })
  t.match(await run(['logs', 'acme/shop', 'production'], { FORCE_COLOR: '1' }), {
    stdout: 'one\n\u001b[31mtwo\u001b[0m\n',
  })
  t.match(await run(['logs', '6']), { status: 2, stderr: 'Livraison knows no deployment #6.\n' })
  t.match(await run(['logs', 'acme/shop', 'staging']), { status: 1, stderr: /^Nothing has been deployed/ })

  const leaving = start(['logs', '5', '-f'])
  await eventually(() => leaving.stdout().includes('two'), 'the lines so far')
  leaving.child.kill('SIGINT')
  t.match(await leaving.ended, { status: 130, stderr: '#5 goes on without you.\n' })

  const following = start(['logs', '5', '--follow'])
  await eventually(() => following.stdout().includes('two'), 'the lines so far')
  await logs.append(5, ['three'])
  await lanes.finish(job, entry.fence, 'failure', 'It broke.')
  t.match(await following.ended, { status: 1, stdout: 'one\ntwo\nthree\n', stderr: '#5 ended: failure.\n' })
})

t.test('deliveries, and one of them', async (t) => {
  const receiver = await startReceiver(t)
  const { run } = commandLine(t, receiver)
  const guid = '72d3162e-cc78-11e3-81ab-4c9367dc0958'
  await receiver.deliver(signed('ping', eventFrom(), { delivery: guid }))
  t.match(await run(['deliveries']), { status: 0, stdout: new RegExp(`\n${guid} {2}ping`) })
  t.match(await run(['deliveries', guid]), { status: 0, stdout: new RegExp(`\n${guid} {2}ping`) })
  t.match(JSON.parse((await run(['deliveries', guid, '--json'])).stdout), { delivery: guid })
  const unknown = guid.replace('7', '8')
  t.match(await run(['deliveries', unknown]), { status: 2, stderr: /is in the trace/ })
})

t.test('who may not, and what is not there', async (t) => {
  const receiver = await startReceiver(t)
  const { run } = commandLine(t, receiver)
  t.match(await run(['deployments'], { LIVRAISON_TOKEN: '' }), {
    status: 3,
    stdout: '',
    stderr: /^You are not signed in at http:.*LIVRAISON_TOKEN/,
  })
  t.match(await run(['deployments'], { LIVRAISON_TOKEN: 'wrong' }), {
    status: 3,
    stderr: /does not know the token/,
  })
  const nowhere = { LIVRAISON_URL: `http://127.0.0.1:${await freePort()}` }
  t.match(await run(['deployments'], nowhere), {
    status: 4,
    stderr: /^Livraison cannot be reached at http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*LIVRAISON_URL/,
  })
  t.match(await run(['deployments'], { LIVRAISON_URL: 'ftp://x' }), {
    status: 2,
    stderr: /LIVRAISON_URL must be/,
  })
})
