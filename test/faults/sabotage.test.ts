import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { applySabotage, sabotages } from '../../scripts/faults/sabotage.ts'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))

for (const [name, sabotage] of Object.entries(sabotages)) {
  t.test(
    `the safeguard "${name}" is where it can be switched off, to show that the fault test finds it`,
    async (t) => {
      const copy = t.testdir({})
      for (const { file } of sabotage.patches) cpSync(join(dist, file), join(copy, file))
      applySabotage(copy, sabotage)
      t.throws(() => applySabotage(copy, sabotage), /0 times/, 'and is off then')
    },
  )
}
