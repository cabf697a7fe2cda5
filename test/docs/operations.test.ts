// Each command in docs/operations.md works as it is written there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { findTestProgram } from '../../scripts/setup/test-programs.mjs'
import type { Executor } from '../../worker/executors/executor.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { testAdminToken } from '../fixtures/receiver.ts'

const commands = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^ {4,}(curl .*)$/gm)].map(
  ([, line = '']) => line,
)
const absent = findTestProgram('curl') === undefined && 'curl is not installed: apt-get install curl'

const config = `repositories:
  acme/shop:
    environments:
      staging: { on: manual, simulate: 5ms }
      production: { on: manual, simulate: 5ms }
      failing: { on: manual, simulate: 5ms }
      approved: { on: manual, simulate: 5ms, approvals: { required: 1 } }
      rejected: { on: manual, simulate: 5ms, approvals: { required: 1 } }
      frozen: { on: manual, simulate: 5ms }
`

const executor: Executor = async ({ deployment: { environment } }) =>
  environment === 'failing'
    ? { state: 'failure', description: 'Exit status 1.' }
    : { state: 'success', description: 'Done.' }

async function make({ sandbox, states }: Fleet, environment: string, until: string): Promise<number> {
  await sandbox.push(shop, { message: `For ${environment}` })
  const made = await sandbox.createDeployment(shop, {
    ...{ ref: 'main', environment, auto_merge: false, required_contexts: [] },
  })
  if (!('id' in made)) throw new Error(made.message)
  await sandbox.whenever(() => states(made.id).includes(until), { what: `${environment} is ${until}` })
  return made.id
}

/** What the variables in the commands stand for. */
async function prepare(fleet: Fleet) {
  const { sandbox, receiver } = fleet
  await sandbox.push(shop, { message: 'A change' })
  await sandbox.pushTag(shop, { name: 'v1' })
  await make(fleet, 'production', 'success')
  const until = { until: '2h', reason: 'The fair' }
  await receiver.act('POST', '/freezes', { repository: shop, environment: 'frozen', ...until })
  const freeze = await receiver.act('POST', '/freezes', {
    repository: shop,
    environment: 'failing',
    ...until,
  })
  const { id } = freeze.body.freeze as { id: string }
  const asked = await receiver.act('POST', '/deployments', {
    repository: shop,
    environment: 'staging',
    ref: 'main',
  })
  await fleet.finalStates(Number(asked.body.deployment))
  await receiver.act('DELETE', `/freezes/${id}`)
  const FAILED = await make(fleet, 'failing', 'failure')
  const other = await receiver.act('POST', '/freezes', { repository: shop, environment: 'failing', ...until })
  const delivery = await eventually(
    () => sandbox.deliveries().find(({ status }) => status === 'OK'),
    'a delivery',
  )
  return {
    REQUEST: asked.body.request,
    WAITING: await make(fleet, 'rejected', 'queued'),
    FAILED,
    CURRENT: await make(fleet, 'production', 'success'),
    STAGED: asked.body.deployment,
    TO_APPROVE: await make(fleet, 'approved', 'queued'),
    TO_REJECT: await make(fleet, 'rejected', 'queued'),
    FROZEN: await make(fleet, 'frozen', 'queued'),
    FREEZE: (other.body.freeze as { id: string }).id,
    DELIVERY: delivery.guid,
  }
}

t.test('the commands of docs/operations.md', { skip: absent, timeout: 120_000 }, async (t) => {
  const fleet = await startFleet(t, { config, rules: { executor } })
  const home = mkdtempSync(join(tmpdir(), 'livraison-curl-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true }))
  writeFileSync(join(home, '.curlrc'), 'silent\nmax-time = 20\nwrite-out = "\\n%{http_code}"\n')
  const variables = Object.entries(await prepare(fleet)).map(([name, value]) => [name, String(value)])
  const env = {
    ...process.env,
    ...Object.fromEntries(variables),
    ...{ CURL_HOME: home, HOME: home },
    ...{ LIVRAISON_URL: fleet.receiver.url, LIVRAISON_TOKEN: testAdminToken },
  }
  t.ok(commands.length > 15, 'there are some')
  for (const command of commands) {
    const child = spawn('sh', ['-c', command], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
    })
    await once(child, 'close')
    t.match(text.split('\n').at(-1), /^20[012]$/, `${command}\n${text}`)
  }
})
