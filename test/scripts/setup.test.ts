import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import { orphans } from '../../scripts/setup/build.mjs'
import { installer } from '../../scripts/setup/install.mjs'
import { nodeComplaint } from '../../scripts/setup/node-version.mjs'
import { lacksPackage } from '../../scripts/setup/packages.mjs'
import { findRedisProgram, isNewEnough } from '../../scripts/setup/redis-program.mjs'
import { filesBelow, fingerprint } from '../../scripts/setup/sources.mjs'
import { testBundleOf } from '../../scripts/setup/test-bundle.mjs'
import {
  findTestProgram,
  installsTestPrograms,
  missingPackages,
  testPrograms,
} from '../../scripts/setup/test-programs.mjs'

const setup = resolve('scripts/setup.mjs')
// A plain environment: tap's own would load its hooks into each process.
const env = { PATH: process.env.PATH, HOME: process.env.HOME }

t.test('a Node that is too old is named with what to do', async (t) => {
  t.equal(nodeComplaint('20.20.2', '>=20.20'), undefined)
  t.equal(nodeComplaint('22.0.0', '>=20.20'), undefined)
  t.match(nodeComplaint('20.19.9', '>=20.20'), /needs Node >=20\.20, this is 20\.19\.9/)
  t.match(nodeComplaint('8.99.0', '>=20.20'), /needs Node/)
})

t.test('packages are installed when one is missing or another one', async (t) => {
  const wanted = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/b-darwin': { version: '1.0.0', optional: true },
    },
  }
  const a = wanted.packages['node_modules/a']
  t.equal(lacksPackage(wanted, { packages: { 'node_modules/a': a } }), false, 'but for other platforms')
  t.equal(lacksPackage(wanted, { packages: {} }), true)
  const forTests = { packages: { 'node_modules/t': { ...a, dev: true } } }
  t.equal(lacksPackage(forTests, { packages: {} }), true)
  t.equal(lacksPackage(forTests, { packages: {} }, { dev: false }), false, 'it is built, and pruned')
  t.equal(lacksPackage(wanted, { packages: { 'node_modules/a': { ...a, version: '1.0.1' } } }), true)
  t.equal(lacksPackage(wanted, { packages: { 'node_modules/a': { ...a, integrity: 'other' } } }), true)
})

const machine = (platform: string, isRoot: boolean, programs: string[]) => ({
  platform,
  isRoot,
  runs: (command: string) => programs.includes(command),
})

t.test('Redis is installed with what the machine has', async (t) => {
  const command = (...args: Parameters<typeof machine>) =>
    installer(machine(...args), { redis: true, packages: [] })?.[0]
  t.equal(command('linux', true, ['apt-get']), 'sh')
  t.equal(command('linux', false, ['apt-get', 'sudo']), 'sudo')
  t.equal(command('linux', false, ['apt-get']), undefined, 'not without the right to')
  t.equal(command('linux', true, ['dnf']), undefined)
  t.equal(command('darwin', false, ['brew']), 'brew')
  t.equal(command('darwin', false, []), undefined)
})

t.test('what the tests try is installed in the same go, with apt-get only', async (t) => {
  const args = (wanted: { redis: boolean; packages: string[] }) =>
    installer(machine('linux', true, ['apt-get']), wanted)?.[1].slice(1)
  t.strictSame(args({ redis: true, packages: ['rsync', 'git-lfs'] }), [
    'redis-server,valkey-server',
    'rsync',
    'git-lfs',
  ])
  t.strictSame(args({ redis: false, packages: ['rsync'] }), ['rsync'])
  const brew = machine('darwin', false, ['brew'])
  t.strictSame(installer(brew, { redis: true, packages: ['rsync'] })?.[1], ['install', '--quiet', 'redis'])
  t.equal(installer(brew, { redis: false, packages: ['rsync'] }), undefined)
})

t.test('it is installed for tests in CI, and when it is asked for', async (t) => {
  const installs = (option: string, CI?: string) => installsTestPrograms(new Set([option]), { CI })
  t.equal(installs('--tests', 'true'), true)
  t.equal(installs('--tests'), false, "a contributor's machine is left as it is")
  t.equal(installs('--own-redis', 'true'), false, 'the demo needs none of it')
  t.equal(installs('--for-tests'), true)
})

t.test('of what the tests try, only what is not there is installed', async (t) => {
  const all = [...new Set(testPrograms.map((each) => each.package))]
  t.strictSame(
    missingPackages(testPrograms, () => undefined),
    all,
  )
  t.strictSame(
    missingPackages(testPrograms, (program) => (program === 'sshd' ? '/usr/sbin/sshd' : undefined)),
    all.filter((name) => name !== 'openssh-server'),
  )
  const bin = t.testdir({})
  writeProgram(`${bin}/rsync`, 'rsync')
  t.equal(findTestProgram('rsync', bin), `${bin}/rsync`)
  t.equal(findTestProgram('no-such-program', bin), undefined)
  writeProgram(`${bin}/google-chrome`, 'google-chrome')
  t.equal(findTestProgram('chromium', bin), `${bin}/google-chrome`, 'by another name')
})

t.test('a Redis older than 6.2 will not do', async (t) => {
  t.equal(isNewEnough('Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64'), true)
  t.equal(isNewEnough('Valkey server v=8.1.1 sha=00000000:0'), true)
  t.equal(isNewEnough('Redis server v=6.2.0'), true)
  t.equal(isNewEnough('Redis server v=6.0.16'), false)
  t.equal(isNewEnough(''), false)
})

t.test('redis-server or else valkey-server is found on PATH, if it is new enough', async (t) => {
  const dir = t.testdir({ none: {}, old: {}, valkey: {} })
  writeProgram(`${dir}/old/redis-server`, 'Redis server v=5.0.0')
  writeProgram(`${dir}/valkey/valkey-server`, 'Valkey server v=8.0.0')
  t.equal(findRedisProgram(`${dir}/none`), undefined)
  t.equal(findRedisProgram(`${dir}/none:${dir}/old:${dir}/valkey`), `${dir}/valkey/valkey-server`)
})

t.test('a source that changes, comes or goes makes a build stale', async (t) => {
  const settings = { 'package.json': '{}', 'package-lock.json': '{}', 'tsconfig.json': '{}' }
  const dir = t.testdir({ ...settings, 'tsconfig.build.json': '{}', src: { 'a.ts': '1', 'b.ts': '2' } })
  const first = fingerprint(dir)
  t.equal(fingerprint(dir), first)
  writeFileSync(`${dir}/src/a.ts`, '1 + 1')
  const changed = fingerprint(dir)
  t.not(changed, first)
  rmSync(`${dir}/src/b.ts`)
  t.not(fingerprint(dir), changed)
})

t.test('what came from a source that is gone does not live on', async (t) => {
  const sources = ['src/a.ts', 'src/page.css', 'scripts/setup.mjs', 'scripts/x.d.mts']
  const built = [
    'src/a.js',
    'src/a.js.map',
    'src/b.js',
    'src/page.css',
    'scripts/setup.mjs',
    'scripts/old.mjs',
  ]
  t.strictSame(orphans(sources, built), ['src/b.js', 'scripts/old.mjs'])
})

t.test('no two test files are bundled under one name', async (t) => {
  const files = filesBelow(resolve('.'), 'test').filter((file) => file.endsWith('.test.ts'))
  t.ok(files.length > 100, 'there is something to look at')
  t.equal(new Set(files.map(testBundleOf)).size, files.length)
})

t.test('where nothing is missing it does nothing, in well under a second', async (t) => {
  // A source may have been saved since this run began.
  spawnSync(process.execPath, [setup], { env })
  const beganAt = performance.now()
  const { status, stdout } = spawnSync(process.execPath, [setup], { encoding: 'utf8', env })
  t.match({ status, stdout }, { status: 0, stdout: 'Everything is there.\n' })
  t.ok(performance.now() - beganAt < 1000)
  t.equal(spawnSync(process.execPath, [setup, '--quiet'], { encoding: 'utf8', env }).stdout, '')
})

function writeProgram(file: string, version: string): void {
  writeFileSync(file, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 })
}
