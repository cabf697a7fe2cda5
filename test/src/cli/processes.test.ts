// `livraison server`, `worker` and `doctor`, as processes of their own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startSandbox } from '../../../sandbox/sandbox.ts'
import { freePort } from '../../../scripts/free-port.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { commandLine } from '../../fixtures/livraison.ts'
import { ownRedis } from '../../fixtures/redis.ts'

// Each command is a process of its own.
t.setTimeout(150_000)

/** A folder with an .env, as on a machine of an operator. */
async function installation(t: Test) {
  const redis = await ownRedis(t)
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const port = await freePort()
  const livraison = commandLine(t)
  const settings = [
    `PORT=${port}`,
    `REDIS_URL=${redis.url}`,
    'GITHUB_WEBHOOK_SECRET=a secret for this test',
    `GITHUB_TOKEN=${sandbox.token}`,
    `GITHUB_API_URL=${sandbox.apiUrl}`,
    'ADMIN_TOKEN=an admin token for this test',
    'CACHE_MAX_MB=1',
  ]
  writeFileSync(join(livraison.cwd, '.env'), settings.join('\n'))
  return { ...livraison, url: `http://127.0.0.1:${port}`, sandbox }
}

t.test('the server runs until it is asked to end, and the doctor finds all well', async (t) => {
  const { start, run, cwd, sandbox } = await installation(t)
  const server = start(['server'])
  await eventually(() => server.stdout().includes('listening on'), 'the server')
  writeFileSync(join(cwd, 'livraison.yml'), 'repositories: { acme/shop: {} }')

  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  const well = await run(['doctor', '--fix'])
  t.equal(well.status, 0, well.stdout)
  const lines = well.stdout.trimEnd().split('\n')
  t.match(
    lines.filter((line) => !line.startsWith(' ')).map((line) => line.split(':')[0]),
    [
      'ok    server',
      "warn  the server's Redis",
      'ok    token',
      'ok    server settings',
      'ok    worker settings',
      'ok    configuration',
      'ok    git',
      'ok    disk',
      'warn  Redis',
    ],
  )
  t.notOk(well.stdout.includes(sandbox.token))

  writeFileSync(join(cwd, 'livraison.yml'), 'repositories: { acme/shop: { branches: main } }')
  const ill = await run(['doctor', '--json'], { ADMIN_TOKEN: '', GITHUB_TOKEN: 'wrong' })
  t.match(ill, { status: 1, stderr: /marked fail/ })
  t.match(
    JSON.parse(ill.stdout).filter(({ level }: { level: string }) => level === 'fail'),
    [
      { of: 'configuration', text: /branches/ },
      { of: 'GitHub', todo: /GITHUB_TOKEN/ },
    ],
  )
  const lost = await run(['doctor'], {
    LIVRAISON_URL: `http://127.0.0.1:${await freePort()}`,
    ADMIN_TOKEN: 'x',
  })
  t.match(lost, { status: 1, stdout: /^fail {2}server: nobody answers at/ })

  server.child.kill('SIGTERM')
  t.equal((await server.ended).status, 0)
})

t.test('the worker gets the signals, and its end is the command’s', async (t) => {
  const { start } = await installation(t)
  const worker = start(['worker'])
  await eventually(() => worker.stdout().includes('waiting for jobs'), 'the worker')
  worker.child.kill('SIGTERM')
  t.equal((await worker.ended).status, 0)

  const left = start(['worker'])
  await eventually(() => left.stdout().includes('waiting for jobs'), 'the worker')
  const { pid } = JSON.parse(left.stdout().trimEnd().split('\n').at(-1) ?? '')
  left.child.kill('SIGKILL')
  await eventually(() => !isRunning(pid), 'its end when the command is killed')

  const { run } = commandLine(t)
  t.match(await run(['worker']), { status: 1, stderr: /GITHUB_TOKEN is not set/ })
  t.match(await run(['server']), { status: 1, stderr: /GITHUB_WEBHOOK_SECRET is not set/ })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
