import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadModule, type ModuleRules } from '../../../worker/executors/module.ts'
import { runOnce } from '../../fixtures/run.ts'

/** A configuration file with these modules beside it. */
function beside(t: Test, files: Record<string, string>) {
  const dir = t.testdir(files)
  const load = (path: string, rules: Partial<ModuleRules> = {}, graceMs = 50) =>
    loadModule({ path, options: {}, timeoutMs: 5000, ...rules }, join(dir, 'livraison.yml'), graceMs)
  return { dir, load }
}

const good = `export default ({ word }) => async ({ deployment, repository, log }) => {
  log(word)
  return { state: 'success', description: repository.name + ' ' + deployment.id }
}`

t.test('a module beside the configuration file', async (t) => {
  const { load, dir } = beside(t, { 'good.mjs': good })
  for (const path of ['./good.mjs', 'good.mjs', join(dir, 'good.mjs')]) {
    const executor = await load(path, { options: { word: 'hello' } })
    t.same(await runOnce(executor), { outcome: { state: 'success', description: 'shop 7' }, log: ['hello'] })
  }
})

t.test('one that makes its executor in its own time', async (t) => {
  const { load } = beside(t, { 'slow.mjs': `${good.replace('({ word }) =>', 'async ({ word }) =>')}` })
  t.match(await runOnce(await load('./slow.mjs')), { outcome: { state: 'success' } })
})

t.test('what cannot be used is said when it is loaded', async (t) => {
  const { load } = beside(t, {
    'syntax.mjs': 'export default {',
    'throws.mjs': 'throw new Error("at the top")',
    'none.mjs': 'export const create = () => {}',
    'text.mjs': 'export default "deploy"',
    'picky.mjs': 'export default () => { throw new Error("needs a directory") }',
    'object.mjs': 'export default () => ({})',
    'nothing.mjs': 'export default () => {}',
    'import.mjs': 'import "./gone.mjs"; export default () => {}',
    dir: '',
  })
  const rows: [path: string, message: RegExp][] = [
    ['./gone.mjs', /^use: \.\/gone\.mjs is no file beside the configuration file\.$/],
    ['.', /^use: \. is no file/],
    ['./syntax.mjs', /^use: \.\/syntax\.mjs could not be loaded: Unexpected/],
    ['./throws.mjs', /could not be loaded: at the top$/],
    ['./import.mjs', /could not be loaded: Cannot find module/],
    ['./none.mjs', /has no default export that is a function of its options\.$/],
    ['./text.mjs', /has no default export that is a function/],
    ['./picky.mjs', /^use: \.\/picky\.mjs refused its options: needs a directory$/],
    ['./object.mjs', /gave another object, not an executor function\.$/],
    ['./nothing.mjs', /gave undefined, not an executor function\.$/],
  ]
  for (const [path, message] of rows) await t.rejects(load(path), { message })
})

t.test('an outcome of another shape is an error', async (t) => {
  const { load } = beside(t, { 'odd.mjs': 'export default ({ outcome }) => async () => outcome' })
  for (const outcome of [
    undefined,
    null,
    'success',
    { state: 'done', description: '' },
    { state: 'success' },
  ]) {
    await t.rejects(
      runOnce(await load('./odd.mjs', { options: { outcome } })),
      /did not say how it ended: an executor/,
    )
  }
})

t.test('what it throws is thrown on', async (t) => {
  const { load } = beside(t, { 'sync.mjs': 'export default () => () => { throw new Error("no disk") }' })
  await t.rejects(runOnce(await load('./sync.mjs')), new Error('no disk'))
})

const sleeper = `export default ({ how }) => ({ signal }) => new Promise((resolve, reject) => {
  signal.addEventListener('abort', () => {
    if (how === 'throws') reject(signal.reason)
    if (how === 'ends') resolve({ state: 'success', description: 'Just in time.' })
  })
})`

t.test('one that takes too long has failed, whether it stops or not', async (t) => {
  const { load } = beside(t, { 'sleeper.mjs': sleeper })
  const late = { state: 'failure', description: 'It did not end within 1 s.' }
  for (const [how, outcome] of [
    ['throws', late],
    ['deaf', late],
    ['ends', { state: 'success', description: 'Just in time.' }],
  ] as const) {
    const executor = await load('./sleeper.mjs', { options: { how }, timeoutMs: 100 })
    const run = await runOnce(executor)
    t.same(run.outcome, outcome, how)
    t.equal(run.log.length, how === 'deaf' ? 1 : 0)
  }
})

t.test('one whose run is stopped throws the reason, whether it stops or not', async (t) => {
  const { load } = beside(t, { 'sleeper.mjs': sleeper })
  for (const how of ['throws', 'deaf']) {
    const stop = new AbortController()
    const run = runOnce(await load('./sleeper.mjs', { options: { how } }), { signal: stop.signal })
    stop.abort(new Error('The worker ends.'))
    await t.rejects(run, new Error('The worker ends.'), how)
  }
})
