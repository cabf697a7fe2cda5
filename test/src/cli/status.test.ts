// `livraison status`: what is deployed where.
import t from 'tap'
import { signed } from '../../fixtures/deliveries.ts'
import { commandLine } from '../../fixtures/livraison.ts'
import { absent } from '../../fixtures/programs.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { testRules } from '../../fixtures/rules.ts'
import { eventFrom, jobOf, openStores } from '../api/stores.ts'

const config = `
repositories:
  acme/shop:
    environments:
      staging: { simulate: 1ms }
      production: { after: staging, simulate: 1ms }
`

// Each command is a process of its own.
t.setTimeout(150_000)

t.test('a grid of repositories and environments', async (t) => {
  const receiver = await startReceiver(t, { rules: testRules(config) })
  const { run, onTerminal } = commandLine(t, receiver)
  t.match(await run(['status']), { status: 0, stdout: 'Nothing is deployed anywhere yet.\n' })
  const { records, lanes } = await openStores(t, receiver)
  await receiver.deliver(signed('push', eventFrom()))
  const job = jobOf(5)
  await records.accept(job)
  const entry = await lanes.enter(job, 'supersede', 'host-1')
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  await lanes.begin(job, entry.fence)
  await lanes.finish(job, entry.fence, 'success', 'Done.')
  await records.accept(jobOf(6))

  const { status, stdout } = await run(['status'])
  t.equal(status, 0)
  t.match(stdout.trimEnd().split('\n'), [
    /^repository {2}environment {2}health {4}deployed/,
    /^acme\/shop {3}staging {6}nothing {3}-/,
    /^acme\/shop {3}production {3}deployed {2}main \(0000000\) {2}octocat {2}\d+ s ago.* #6 waits/,
  ])
  const one = await run(['status', 'acme/shop', 'Production', '--json'])
  t.match(JSON.parse(one.stdout), {
    environments: [{ environment: 'production', current: { id: 5 }, waiting: [{ id: 6 }] }],
  })
  t.match(await run(['status', 'acme/shop', 'prodution']), {
    status: 2,
    stderr: 'Livraison knows no environment prodution of acme/shop. There are staging, production.\n',
  })
  t.match(await run(['status', 'acme/shpo']), {
    status: 2,
    stderr: /^Livraison knows nothing of acme\/shpo: /,
  })
  t.match(await run(['why', 'acme/shop']), {
    status: 2,
    stderr: 'Name the environment: acme/shop has staging, production.\n',
  })
  const complete = async (...words: string[]) => (await run(['complete', '--', ...words])).stdout.split('\n')
  t.match(await complete('status', ''), [/^acme\/shop\t/])
  t.match(await complete('lock', 'acme/shop', 'pr'), [/^production\t/])
  t.match(await complete('cancel', ''), [/^6\tacme\/shop to production: pending/, /^5\t/])

  await t.test('on a terminal, in colours and no wider than it', { skip: absent('script') }, async (t) => {
    const { status, stdout } = await onTerminal(['status'])
    t.equal(status, 0)
    t.match(stdout, '\u001b[32mdeployed\u001b[39m')
    t.notMatch((await onTerminal(['status'], { NO_COLOR: '1' })).stdout, '\u001b')
  })
})
