import { readdirSync } from 'node:fs'
import t from 'tap'
import { runScript } from '../fixtures/script.ts'

// Faults strike for the first part; then everything is healed and must come to its end.
t.setTimeout(240_000)

t.test(
  'whatever is killed, paused or cut off, each deployment ends once, and is reported once',
  async (t) => {
    const args = ['--seconds', '25', '--workers', '3']
    const { said, directory } = await runScript(t, 'test-faults.js', args)
    const figures = said.slice(said.indexOf('faults in all'))
    t.match(figures, /deployments +[1-9]\d/, 'there was something to lose')
    t.comment(figures)
    t.strictSame(readdirSync(directory), [], 'nothing is left')
  },
)
