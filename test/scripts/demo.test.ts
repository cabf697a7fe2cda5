import { readdirSync } from 'node:fs'
import t from 'tap'
import { processesOf, type Run, runScript } from './run.ts'

const demo = 'scripts/demo.js'

/** Files and processes that a run has left behind. */
const remains = (run: Run): string[] => [...readdirSync(run.directory), ...processesOf(run)]

t.test(
  'a pull request is checked, merged and deployed to staging and production, and all of it told',
  async (t) => {
    const run = runScript(t, demo, { SIMULATED_WORK_SECONDS: '0.2' })
    t.equal(await run.ended, 'exit status 0', run.said())
    const steps = [
      /octocat opened pull request #1 in acme\/shop/,
      /webhook pull_request opened: answered 202/,
      / success +livraison\/test: /,
      /merged it into main as [0-9a-f]{7}/,
      /deployment #\d+ of [0-9a-f]{7} to staging[\s\S]* pending [\s\S]* in_progress [\s\S]* \| .*staging says: Bonjour[\s\S]* success /,
      /deployment #\d+ of [0-9a-f]{7} to production[\s\S]* pending [\s\S]* in_progress [\s\S]* \| .*production says: Bonjour[\s\S]* success /,
      /From the pull request to production, .* in \d+\.\d s/,
    ]
    const places = steps.map((step) => run.said().search(step))
    t.notOk(places.includes(-1), 'each step is told', { said: run.said(), places })
    const inOrder = [...places].sort((one, other) => one - other)
    t.strictSame(places, inOrder, 'in their order', { said: run.said() })
    t.notOk(run.said().includes('\u001b'), 'without colours: this is no terminal')
    t.strictSame(remains(run), [], 'nothing is left')
  },
)

t.test('what goes wrong is told with the last words of the processes', async (t) => {
  const run = runScript(t, demo, { SIMULATED_WORK_SECONDS: 'long' })
  t.equal(await run.ended, 'exit status 1')
  t.match(run.said(), /The demo failed: the worker ended[\s\S]*SIMULATED_WORK_SECONDS must be/)
  t.strictSame(remains(run), [], 'nothing is left')
})

t.test('it can be stopped in the middle', async (t) => {
  const run = runScript(t, demo, { SIMULATED_WORK_SECONDS: '60' }, (line, run) => {
    if (line.includes('in_progress')) void run.stop()
  })
  t.equal(await run.ended, 'exit status 130', run.said())
  t.strictSame(remains(run), [], 'nothing is left')
})
