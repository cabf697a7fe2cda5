import fc from 'fast-check'
import t from 'tap'
import { type CheckRun, type CiFacts, type CiVerdict, judgeCi } from '../../../src/ci/judge.ts'

const nothing: CiFacts = { statuses: [], checkRuns: [], required: [], ownContexts: [] }
const judge = (facts: Partial<CiFacts>) => judgeCi({ ...nothing, ...facts })

let lastId = 0
function run(name: string, conclusion: string | null, changes: Partial<CheckRun> = {}): CheckRun {
  const status = conclusion === null ? 'in_progress' : 'completed'
  return { id: ++lastId, app: '15368', name, status, conclusion, ...changes }
}

const green: CiVerdict = { verdict: 'green' }
const red = (...failed: string[]): CiVerdict => ({ verdict: 'red', failed })
const pending = (...waitingFor: string[]): CiVerdict => ({ verdict: 'pending', waitingFor })

t.test('commit statuses', async (t) => {
  t.same(judge({ statuses: [{ context: 'a', state: 'success' }] }), green)
  t.same(judge({ statuses: [{ context: 'a', state: 'pending' }] }), pending('a (pending)'))
  for (const state of ['failure', 'error']) {
    t.same(judge({ statuses: [{ context: 'a', state }] }), red(`a (${state})`))
  }
  t.same(
    judge({ statuses: [{ context: 'a', state: 'novel' }] }),
    pending('a (novel)'),
    'a state that is new to us',
  )
})

t.test('check runs', async (t) => {
  for (const conclusion of ['success', 'neutral', 'skipped']) {
    t.same(judge({ checkRuns: [run('a', conclusion)] }), green, conclusion)
  }
  const failing = [
    'failure',
    'cancelled',
    'timed_out',
    'action_required',
    'stale',
    'startup_failure',
    'novel',
  ]
  for (const conclusion of failing) {
    t.same(judge({ checkRuns: [run('a', conclusion)] }), red(`a (${conclusion})`))
  }
  for (const status of ['queued', 'in_progress', 'waiting', 'requested', 'pending', 'novel']) {
    t.same(judge({ checkRuns: [run('a', null, { status })] }), pending(`a (${status})`))
  }
  t.same(judge({ checkRuns: [run('a', null, { status: 'completed' })] }), red('a (no conclusion)'))
  t.same(
    judge({ checkRuns: [run('a', 'success', { status: 'in_progress' })] }),
    pending('a (in_progress)'),
    'only what is completed has a conclusion',
  )
})

t.test('only the latest run of an app and name counts, in whatever order they are listed', async (t) => {
  const failed = run('build', 'failure')
  const again = run('build', 'success')
  t.same(judge({ checkRuns: [failed, again] }), green)
  t.same(judge({ checkRuns: [again, failed] }), green)
  t.same(judge({ checkRuns: [again, run('build', 'failure')] }), red('build (failure)'))
  t.same(judge({ checkRuns: [failed, run('build', null)] }), pending('build (in_progress)'), 'it runs again')
  const other = run('build', 'success', { app: '7' })
  t.same(judge({ checkRuns: [run('build', 'failure'), other] }), red('build (failure)'), 'of another app')
})

t.test('nothing at all is green, unless something is required', async (t) => {
  t.same(judge({}), green)
  t.same(judge({ required: ['ci/test'] }), pending('ci/test (not reported)'))
})

t.test('what is required must be there, and all that is there must be green', async (t) => {
  const statuses = [{ context: 'CI/Test', state: 'success' }]
  t.same(judge({ statuses, required: ['ci/test'] }), green, 'whatever the case')
  t.same(judge({ checkRuns: [run('build', 'success')], required: ['build'] }), green)
  t.same(
    judge({ statuses, checkRuns: [run('lint', null)], required: ['ci/test', 'build'] }),
    pending('lint (in_progress)', 'build (not reported)'),
  )
  t.same(
    judge({ statuses, checkRuns: [run('lint', 'failure')], required: ['ci/test'] }),
    red('lint (failure)'),
  )
})

t.test('what failed is told of at once, whatever is pending', async (t) => {
  const statuses = [
    { context: 'a', state: 'pending' },
    { context: 'b', state: 'failure' },
  ]
  t.same(judge({ statuses, checkRuns: [run('c', 'cancelled')] }), red('b (failure)', 'c (cancelled)'))
})

t.test('our own contexts are left out, even if they are required', async (t) => {
  const statuses = [{ context: 'livraison/deploy', state: 'pending' }]
  const ownContexts = ['Livraison/deploy']
  t.same(judge({ statuses, ownContexts }), green)
  t.same(judge({ ownContexts, required: ['livraison/deploy'] }), green)
})

t.test('green means that each latest one passes and each required one is there', async (t) => {
  const name = fc.constantFrom('a', 'b', 'A', '__proto__', '')
  const state = fc.constantFrom('success', 'pending', 'failure', 'error', 'novel')
  const conclusion = fc.constantFrom('success', 'neutral', 'skipped', 'failure', 'stale', 'novel', null)
  const facts = fc.record({
    statuses: fc.array(fc.record({ context: name, state }), { maxLength: 3 }),
    checkRuns: fc.uniqueArray(
      fc.record({
        id: fc.nat(50),
        app: fc.constantFrom('1', '2'),
        name,
        status: fc.constantFrom('completed', 'queued', 'novel'),
        conclusion,
      }),
      { maxLength: 4, selector: ({ id }) => id },
    ),
    required: fc.array(name, { maxLength: 2 }),
    ownContexts: fc.constant([]),
  })
  const property = fc.property(facts, (facts) => {
    const newest = facts.checkRuns.filter(
      (one) =>
        !facts.checkRuns.some(
          (other) => other.app === one.app && other.name === one.name && other.id > one.id,
        ),
    )
    const passes = [
      ...facts.statuses.map(({ state }) => state === 'success'),
      ...newest.map(
        ({ status, conclusion }) =>
          status === 'completed' && ['success', 'neutral', 'skipped'].includes(conclusion ?? ''),
      ),
    ]
    const names = [...facts.statuses.map(({ context }) => context), ...newest.map(({ name }) => name)]
    const there = facts.required.every((one) =>
      names.some((name) => name.toLowerCase() === one.toLowerCase()),
    )
    return (judgeCi(facts).verdict === 'green') === (passes.every(Boolean) && there)
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }))
})
