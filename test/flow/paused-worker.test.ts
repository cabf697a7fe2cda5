import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { eventually, shop } from '../fixtures/fleet.ts'
import { startAlone, startProcess } from '../fixtures/worker-process.ts'

/** Long enough for a busy machine to end a command in the rest of it. */
const settings = { LEASE_SECONDS: '3' }

t.test('the command of a paused worker ends before another begins it anew', async (t) => {
  const directory = t.testdir({})
  const file = (name: string) => join(directory, name)
  const config = `
repositories:
  acme/shop:
    environments:
      production:
        run: |
          trap '' TERM
          while [ ! -e "$FOLDER/done" ]; do echo "$$" >> "$FOLDER/beats"; sleep 0.05; done
        env: { FOLDER: "${directory}" }
        on_worker_loss: rerun
`
  writeFileSync(file('livraison.yml'), config)
  const fleet = await startAlone(t, { settings, config })
  const own = { ...settings, CONFIG_FILE: file('livraison.yml'), CACHE_DIR: file('cache') }
  const paused = startProcess(t, fleet, own)
  /** The commands that have left a beat, as often as they have, in order. */
  const beats = () =>
    existsSync(file('beats')) ? readFileSync(file('beats'), 'utf8').trim().split('\n') : []
  await fleet.merge()
  const { id } = await fleet.sandbox.whenever(() => fleet.sandbox.deployments(shop)[0])
  // Beyond its first lease: what renews the lease keeps the command up, too.
  await eventually(() => beats().length > 70, 'the command goes on while the lease is renewed', 60_000)
  const [first = ''] = beats()
  t.same([...new Set(beats())], [first])

  paused.kill('SIGSTOP')
  fleet.addWorker()
  await eventually(() => new Set(beats()).size > 1, 'another begins it anew', 60_000)
  const second = beats().at(-1) ?? ''
  const begun = beats().lastIndexOf(second)
  await eventually(() => beats().length > begun + 10, 'the other goes on')
  t.equal(beats().lastIndexOf(first) + 1, beats().indexOf(second), 'one after the other')

  writeFileSync(file('done'), '')
  t.same(await fleet.finalStates(id, 60_000), ['pending', 'in_progress', 'success'])
  paused.kill('SIGCONT')
  const next = await fleet.merge('The next one')
  const later = await fleet.sandbox.whenever(() => fleet.sandbox.deployments(shop)[1], {
    what: `the deployment of merge ${next}`,
  })
  t.same(await fleet.finalStates(later.id, 60_000), ['pending', 'in_progress', 'success'])
  t.notOk(fleet.states(id).includes('failure'), 'whoever was paused has no say')
})
