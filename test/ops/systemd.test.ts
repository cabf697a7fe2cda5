import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import t from 'tap'
import { readServerSettings } from '../../src/settings/server.ts'
import { readWorkerSettings } from '../../src/settings/worker.ts'
import { absent } from '../fixtures/programs.ts'

const units = ['livraison-receiver', 'livraison-worker'] as const
const textOf = (unit: string) => readFileSync(`ops/systemd/${unit}.service`, 'utf8')
const skip = absent('systemd-analyze')

/** What a unit says; of what it says several times, the last. */
const settingsOf = (unit: string) =>
  Object.fromEntries([...textOf(unit).matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]))

/** What the unit itself puts into the environment. */
const environmentOf = (unit: string) =>
  Object.fromEntries(
    [...textOf(unit).matchAll(/^Environment=(.*)$/gm)]
      .flatMap(([, words = '']) => words.split(' '))
      .map((word) => word.split('=')),
  )

t.test('systemd takes the units', { skip }, async (t) => {
  for (const unit of units) {
    // What they start need not be where they say, to see whether they are right.
    const folder = t.testdir({})
    mkdirSync(join(folder, 'etc'))
    writeFileSync(join(folder, 'etc/empty.env'), '')
    const text = textOf(unit)
      .replace('/usr/bin/node', process.execPath)
      .replace(/^WorkingDirectory=.*/m, `WorkingDirectory=${process.cwd()}`)
      .replace(/^EnvironmentFile=.*/m, `EnvironmentFile=${folder}/etc/empty.env`)
      .replace(/^(User|Group)=.*\n/gm, '')
      .replace(/^Documentation=.*\n/m, '')
    const file = join(folder, `${unit}.service`)
    writeFileSync(file, text)
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
    const about = `${verified.stdout}${verified.stderr}`.split('\n').filter((line) => line.includes(unit))
    t.same(about, [], `${verified.status}: ${verified.stderr}`)
    t.equal(verified.status, 0)
  }
})

t.test('little is left of what could be done through them', { skip }, async (t) => {
  for (const [unit, most] of [
    ['livraison-receiver', 15],
    ['livraison-worker', 30],
  ] as const) {
    const args = ['security', '--offline=true', `--threshold=${most}`, `ops/systemd/${unit}.service`]
    const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
    t.equal(status, 0, `${stdout.split('\n').slice(-3).join(' ')}${stderr}`)
  }
})

t.test('the processes take what they are given, and have the time that they need to end', async (t) => {
  const secret = (file: string) => parseEnv(readFileSync(file, 'utf8').replace(/^(\w+)=$/gm, '$1=something'))
  const worker = readWorkerSettings({
    ...environmentOf('livraison-worker'),
    CONFIG_FILE: '',
    ...secret('ops/systemd/worker.env.example'),
  })
  t.equal(worker.cacheDir, `/var/cache/${settingsOf('livraison-worker').CacheDirectory}`)
  t.ok(Number(settingsOf('livraison-worker').TimeoutStopSec) * 1000 > worker.drainMs + 10_000)
  const receiver = readServerSettings({
    ...environmentOf('livraison-receiver'),
    CONFIG_FILE: '',
    ...secret('ops/systemd/receiver.env.example'),
  })
  t.equal(receiver.trustProxy, 'loopback')
  t.ok(Number(settingsOf('livraison-receiver').TimeoutStopSec) * 1000 > 10_000)
  t.equal(settingsOf('livraison-worker').KillMode, 'mixed', 'its commands are not asked to end before it is')
})
