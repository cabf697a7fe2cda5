// npm itself asks a registry that knows something, one that knows nothing, and one that does not answer such questions.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { audit, auditProblems } from '../../../scripts/dependencies/audit.ts'
import type { Policy } from '../../../scripts/dependencies/policy.ts'

const url = 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc'
const known = {
  good: [{ id: 1, url, title: 'It falls over', severity: 'high', vulnerable_versions: '<2.0.0' }],
}

t.test('what is known is told', async (t) => {
  const found = await audit(project(t), await startRegistry(t, known))
  t.match(found, {
    advisories: [{ name: 'good', severity: 'high', title: 'It falls over', url, range: '<2.0.0' }],
  })
  t.strictSame(await audit(project(t), await startRegistry(t, {})), { advisories: [] })
})

t.test('a registry that does not say is no good news', async (t) => {
  t.match(await audit(project(t), await startRegistry(t, undefined)), { silent: /405/ })
})

t.test('serious ones are problems, unless they are excepted, and for as long', async (t) => {
  const advisory = { name: 'good', range: '<2.0.0', severity: 'high', title: 'It falls over', url }
  const except = (until: string): Policy => ({
    licences: [],
    licenceExceptions: [],
    advisoryExceptions: [{ id: 'GHSA-aaaa-bbbb-cccc', reason: 'x', since: '2026-01-01', until }],
  })
  const none: Policy = { licences: [], licenceExceptions: [], advisoryExceptions: [] }
  const words = [`good <2.0.0 (high): It falls over. ${url}`]
  t.strictSame(auditProblems([advisory], none, '2026-02-01'), words)
  t.strictSame(auditProblems([{ ...advisory, severity: 'moderate' }], none, '2026-02-01'), [])
  t.strictSame(auditProblems([advisory], except('2026-02-01'), '2026-02-01'), [])
  t.strictSame(auditProblems([advisory], except('2026-01-31'), '2026-02-01'), words)
  t.match(auditProblems([], except('2026-03-01'), '2026-02-01'), [
    /^The exception for GHSA-aaaa-bbbb-cccc is for nothing/,
  ])
})

function project(t: Test): string {
  const dependencies = { good: '1.0.0' }
  const root = { name: 'p', version: '1.0.0', dependencies }
  const packages = { '': root, 'node_modules/good': { version: '1.0.0', resolved: 'http://x/good.tgz' } }
  const lock = { name: 'p', version: '1.0.0', lockfileVersion: 3, requires: true, packages }
  return t.testdir({
    'package.json': JSON.stringify(root),
    'package-lock.json': JSON.stringify(lock),
    '.npmrc': 'cache=./cache\nupdate-notifier=false',
  })
}

/** The two addresses of a registry that npm asks; undefined: it takes no such questions. */
async function startRegistry(t: Test, advisories: object | undefined): Promise<string> {
  const server = createServer((request, response) => {
    const isBulk = request.url === '/-/npm/v1/security/advisories/bulk'
    if (isBulk && advisories === undefined) return void response.writeHead(405).end()
    const packument = {
      name: 'good',
      'dist-tags': { latest: '1.0.0' },
      versions: { '1.0.0': { name: 'good', version: '1.0.0' } },
    }
    request.resume()
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(isBulk ? advisories : packument))
  })
  t.teardown(() => new Promise((done) => server.close(done)))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => server.closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
