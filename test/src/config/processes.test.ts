// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what is written in the file.
// The configuration file as the processes themselves read it; the set-up of `npm test` has built them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { testSecret } from '../../fixtures/deliveries.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { testRedis } from '../../fixtures/redis.ts'
import { type Run, runScript } from '../../scripts/run.ts'

const programs = ['bundle/server.js', 'bundle/worker.js']

t.test(
  'both processes read the file at start, on SIGHUP, and keep what they have if it is broken',
  async (t) => {
    const { url } = await testRedis(t)
    const dir = mkdtempSync(join(tmpdir(), 'livraison-processes-'))
    t.teardown(() => rmSync(dir, { recursive: true }))
    const env = (file: string) => ({
      PORT: '0',
      REDIS_URL: url,
      GITHUB_WEBHOOK_SECRET: testSecret,
      GITHUB_TOKEN: 'none',
      // Nobody is there: a worker without jobs and without passes asks nothing.
      GITHUB_API_URL: 'http://127.0.0.1:9',
      RECONCILE_SECONDS: '0',
      CONFIG_FILE: join(dir, file),
      SECRET: 'hunter2',
    })
    for (const [index, program] of programs.entries()) {
      const broken = `broken-${index}.yml`
      writeFileSync(
        join(dir, broken),
        'repositories: { acme/shop: { brunch: "${SECRET}", gate: { limit: "${SECRET}" } } }',
      )
      const refused = runScript(t, program, env(broken))
      t.equal(await refused.ended, 'exit status 1', program)
      t.match(
        refused.said(),
        /^The configuration cannot be used:\n {2}\S+:1:30 {2}brunch: unknown; did you mean branch\?/,
      )
      t.notOk(refused.said().includes('hunter2'))

      const file = `good-${index}.yml`
      writeFileSync(join(dir, file), 'repositories: {}')
      const process = runScript(t, program, env(file))
      const says = (words: string) =>
        eventually(() => process.said().includes(words), `${program} says ${words}`)
      await says('the configuration file is in force')
      await says(index === 0 ? 'listening on' : 'waiting for jobs')
      globalThis.process.kill(process.pid, 'SIGHUP')
      await says('says the same as before')
      writeFileSync(join(dir, file), 'repositories: { acme/shop: {} }')
      await says('has changed, and is in force')
      writeFileSync(join(dir, file), 'repositories: [')
      globalThis.process.kill(process.pid, 'SIGHUP')
      await says('the rules of before stay in force')
      await process.stop()
      t.equal(await process.ended, 'exit status 0')
    }
  },
)

t.test('only those that deploy to production need what it needs', async (t) => {
  const { url } = await testRedis(t)
  const file = join(t.testdir({}), 'livraison.yml')
  const production = '{ runs_on: production, run: deploy, env: { KEY: "${DEPLOY_KEY}" } }'
  writeFileSync(file, `repositories: { acme/shop: { environments: { production: ${production} } } }`)
  const env = {
    ...{ PORT: '0', REDIS_URL: url, GITHUB_WEBHOOK_SECRET: testSecret, GITHUB_TOKEN: 'none' },
    ...{ GITHUB_API_URL: 'http://127.0.0.1:9', RECONCILE_SECONDS: '0', CONFIG_FILE: file },
  }
  for (const program of programs) {
    const started = runScript(t, program, env)
    await eventually(() => /listening on|waiting for jobs/.test(started.said()), `${program} starts`, 30_000)
    await started.stop()
  }
  const refused = runScript(t, 'worker/main.js', { ...env, WORKER_LABELS: 'production' })
  t.equal(await refused.ended, 'exit status 1')
  t.match(refused.said(), /environments\.production\.env\.KEY: needs DEPLOY_KEY, which is not set/)
})

t.test('without a file, SIGHUP ends nothing', async (t) => {
  const server = await startWithoutFile(t)
  process.kill(server.pid, 'SIGHUP')
  await eventually(() => server.said().includes('no livraison.yml to be read'), 'it says that there is none')
  await server.stop()
  t.equal(await server.ended, 'exit status 0')
})

t.test('a livraison.yml that is put there later is in force at once', async (t) => {
  const server = await startWithoutFile(t)
  const text = 'repositories: { acme/shop: { environments: { staging: { simulate: 1s } } } }'
  writeFileSync(join(server.directory, 'livraison.yml'), text)
  await eventually(() => server.said().includes('has changed, and is in force'), 'it is read')
  await server.stop()
  t.equal(await server.ended, 'exit status 0')
})

async function startWithoutFile(t: Test): Promise<Run> {
  const { url } = await testRedis(t)
  const server = runScript(t, 'bundle/server.js', {
    PORT: '0',
    REDIS_URL: url,
    GITHUB_WEBHOOK_SECRET: testSecret,
  })
  await eventually(() => server.said().includes('listening on'), 'it listens')
  return server
}
