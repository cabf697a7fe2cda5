import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { openRules } from '../../../src/config/open-rules.ts'
import { eventually } from '../../fixtures/fleet.ts'
import type { LogLine } from '../../fixtures/receiver.ts'

const branchIs = (branch: string) => `repositories: { acme/shop: { branch: ${branch} } }`

function openIn(t: Test) {
  const dir = mkdtempSync(join(tmpdir(), 'livraison-rules-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'livraison.yml')
  const log: LogLine[] = []
  const logger = pino({ level: 'info' }, { write: (line) => void log.push(JSON.parse(line)) })
  const open = () => {
    const rules = openRules({ file, env: {}, simulatedWorkMs: 0, log: logger })
    t.teardown(rules.close)
    return rules
  }
  return { dir, file, log, logger, open }
}

t.test(
  'a file that changes is read again, in place or replaced; one that is broken changes nothing',
  async (t) => {
    const { dir, file, log, open } = openIn(t)
    writeFileSync(file, branchIs('one'))
    const rules = open()
    const becomes = (branch: string) =>
      eventually(() => rules.current.of('acme/shop')?.branch === branch, branch)
    await becomes('one')
    const first = rules.current

    writeFileSync(file, branchIs('two'))
    await becomes('two')
    t.not(rules.current.digest, first.digest)
    t.equal(first.of('acme/shop')?.branch, 'one', 'who holds the old ones keeps them')

    writeFileSync(join(dir, 'next'), branchIs('three'))
    renameSync(join(dir, 'next'), file)
    await becomes('three')

    writeFileSync(file, 'repositories: { shop: { brunch: four } }')
    const complaint = await eventually(() => log.find(({ level }) => level === 50), 'a complaint')
    t.match(complaint.problems, [
      `${file}:1:17  shop: must be OWNER/NAME; * and ? may stand for letters`,
      `${file}:1:25  brunch: unknown; did you mean branch?`,
    ])
    t.equal(rules.current.of('acme/shop')?.branch, 'three')

    rmSync(file)
    await eventually(() => log.some(({ msg }) => msg.includes('ENOENT')), 'a complaint that it is gone')
    writeFileSync(file, branchIs('five'))
    await becomes('five')
  },
)

t.test('it is read again when asked, too', async (t) => {
  const { file, log, open } = openIn(t)
  writeFileSync(file, branchIs('one'))
  const rules = open()
  rules.close()
  writeFileSync(file, branchIs('two'))
  rules.reload()
  t.equal(rules.current.of('acme/shop')?.branch, 'two')
  rules.reload()
  t.match(log.at(-1)?.msg, /says the same as before/)
})

t.test(
  'the first time, a file that cannot be used is an error; without one there is nothing to read',
  async (t) => {
    const { file, log, logger, open } = openIn(t)
    t.throws(open, { name: 'ConfigError', message: /ENOENT/ })
    writeFileSync(file, 'repositories: 3')
    t.throws(open, { name: 'ConfigError' })
    const without = openRules({ file: undefined, env: {}, simulatedWorkMs: 7, log: logger })
    t.equal(without.current.digest, 'no-file')
    without.reload()
    without.close()
    t.match(log.at(-1)?.msg, /no livraison.yml to be read/)
  },
)
