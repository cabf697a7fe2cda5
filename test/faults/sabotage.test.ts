import { cpSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { applySabotage, sabotages } from '../../scripts/faults/sabotage.ts'

const dist = resolve('dist')

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
