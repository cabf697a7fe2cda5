// GitHub Enterprise Server: a certificate of the house, an older version, one that takes its time.
import { pino } from 'pino'
import t from 'tap'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { tokenAuth } from '../../src/github/auth.ts'
import { readBranchRules } from '../../src/github/branch-rules.ts'
import { createGitHub } from '../../src/github/client.ts'
import { listAttempts } from '../../src/github/hooks.ts'
import type { Pause } from '../../src/github/pause.ts'
import { loginOfToken } from '../../src/github/whose-token.ts'
import { makeAuthority } from '../fixtures/authority.ts'
import { shop, startFleet } from '../fixtures/fleet.ts'
import { absent } from '../fixtures/programs.ts'
import type { LogLine } from '../fixtures/receiver.ts'

t.setTimeout(120_000)

const noPause: Pause = { check: async () => {}, begin: async () => {} }

function clientOf(sandbox: { apiUrl: string; token: string }, ca?: string) {
  const log: LogLine[] = []
  const logger = pino({ level: 'info' }, { write: (line) => void log.push(JSON.parse(line)) })
  const { apiUrl, token } = sandbox
  return { log, github: createGitHub({ auth: tokenAuth(token), apiUrl, ca, log: logger, pause: noPause }) }
}

t.test('an authority of the house is trusted by us and by git', { skip: absent('openssl') }, async (t) => {
  const { caFile, tls } = makeAuthority(t)
  const config = `repositories:
  acme/shop: { environments: { production: { run: 'cat README.md' } } }`
  const fleet = await startFleet(t, { config, sandbox: { tls }, settings: { GITHUB_CA_FILE: caFile } })
  t.match(fleet.sandbox.url, /^https:/)
  await fleet.merge()
  await fleet.sandbox.whenever(() => fleet.sandbox.deployments(shop)[0], {
    what: 'the deployment',
    timeoutMs: 30_000,
  })
  const id = fleet.sandbox.deployments(shop)[0]?.id ?? 0
  t.equal((await fleet.finalStates(id, 60_000)).at(-1), 'success', JSON.stringify(fleet.log.slice(-3)))
})

t.test(
  'without its certificate nothing is trusted, and the reason is told',
  { skip: absent('openssl') },
  async (t) => {
    const { tls, caFile } = makeAuthority(t)
    const sandbox = await startSandbox({ tls })
    t.teardown(() => sandbox.close())
    await sandbox.createRepository({ owner: 'acme', name: 'shop' })
    const ask = (ca?: string) => clientOf(sandbox, ca).github.rest.repos.get({ owner: 'acme', repo: 'shop' })
    await t.rejects(ask(), /certificate/)
    const other = makeAuthority(t)
    const { readFileSync } = await import('node:fs')
    await t.rejects(ask(readFileSync(other.caFile, 'utf8')), /certificate/)
    t.equal((await ask(readFileSync(caFile, 'utf8'))).status, 200)
    t.equal(await loginOfToken(sandbox.apiUrl, sandbox.token, readFileSync(caFile, 'utf8')), 'livraison-bot')
    await t.rejects(loginOfToken(sandbox.apiUrl, sandbox.token))
  },
)

t.test('an older version is asked for what it has, and says once what it has not', async (t) => {
  const lacks = ['repos/get-branch-rules', 'repos/list-webhook-deliveries']
  const edition = { enterpriseVersion: '3.4.8', refusesApiVersion: true, lacks }
  const sandbox = await startSandbox({ edition })
  t.teardown(() => sandbox.close())
  const { id } = await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  const hook = await sandbox.createHook(shop, {
    url: 'http://127.0.0.1:1/',
    secret: 'x',
    contentType: 'json',
  })
  sandbox.requireChecks(shop, 'main', ['ci'])
  const { log, github } = clientOf(sandbox)
  const repository = { id, owner: 'acme', name: 'shop' }
  for (let count = 0; count < 2; count++) {
    t.match(await readBranchRules(github, repository, 'main'), {
      checks: [{ context: 'ci' }],
      mergeQueue: false,
    })
    t.same(await listAttempts(github, repository, hook.id), { attempts: [], next: undefined })
  }
  const said = log.map(({ msg }) => msg)
  t.equal(said.length, new Set(said).size, 'each once')
  t.match(said.join('\n'), /does not know this version of its API/)
  t.match(said.join('\n'), /has no rulesets/)
  t.match(said.join('\n'), /does not tell of the deliveries/)
  t.match(
    log.find(({ version }) => version !== undefined),
    { version: '3.4.8' },
  )
  await t.rejects(readBranchRules(github, { ...repository, name: 'nothing' }, 'main'), /404/)
})

t.test('a newer version, and GitHub.com, that know of no rules for a branch are not believed', async (t) => {
  for (const edition of [{ enterpriseVersion: '3.17.0' }, {}]) {
    const sandbox = await startSandbox({ edition: { ...edition, lacks: ['repos/get-branch-rules'] } })
    t.teardown(() => sandbox.close())
    const { id } = await sandbox.createRepository({ owner: 'acme', name: 'shop' })
    const { github } = clientOf(sandbox)
    await t.rejects(readBranchRules(github, { id, owner: 'acme', name: 'shop' }, 'main'), /404/)
  }
})

t.test('an answer that takes thirty seconds is waited for', async (t) => {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  sandbox.faults.add({ operation: 'repos/get', answer: { delayMs: 30_500 } })
  const { github } = clientOf(sandbox)
  t.equal((await github.rest.repos.get({ owner: 'acme', repo: 'shop' })).status, 200)
})
