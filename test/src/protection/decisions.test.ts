import t from 'tap'
import type { CheckRun } from '../../../src/ci/judge.ts'
import { checksBeside } from '../../../src/protection/checks-of-run.ts'
import { githubLimit } from '../../../src/protection/limit.ts'
import { mostReports, reportOf } from '../../../src/protection/report.ts'
import { endOfRun, whyOver } from '../../../src/protection/run-end.ts'
import { readRunId } from '../../../src/protection/run-id.ts'
import { decideChecks } from '../../../worker/holds/checks.ts'

const said = (state: 'pending' | 'queued' | 'in_progress' | 'error' | 'success', description = '') => ({
  state,
  description,
})

t.test('the run of a callback address: of this repository, to the letter', async (t) => {
  const path = '/repos/acme/shop/actions/runs/42/deployment_protection_rule'
  t.equal(readRunId(`https://api.github.com${path}`, 'acme/shop'), 42)
  t.equal(readRunId(`https://git.example/api/v3${path}`, 'Acme/Shop'), 42)
  for (const url of [
    '',
    path,
    `ftp://api.github.com${path}`,
    `https://me@api.github.com${path}`,
    `https://api.github.com${path}#x`,
    `https://api.github.com${path}/`,
    `https://api.github.com/x${path}`,
    `https://api.github.com${path.replace('42', '042')}`,
    `https://api.github.com${path.replace('42', '99999999999999999')}`,
    `https://api.github.com${path.replace('42', '4%32')}`,
    `https://api.github.com${path.replace('shop', 'shop2')}`,
  ]) {
    t.equal(readRunId(url, 'acme/shop'), undefined, url)
  }
})

t.test('what GitHub is told of each status', async (t) => {
  const among = [said('pending'), said('queued', 'Locked.')]
  t.equal(reportOf(among, 0), undefined)
  t.same(reportOf(among, 1), { words: 'Locked.' })
  t.same(reportOf([...among, said('in_progress')], 2), { state: 'approved', words: 'Nothing holds it back.' })
  t.equal(reportOf([...among, said('in_progress')], 1), undefined, 'it is decided by now')
  t.same(reportOf([...among, said('error', 'Too late.')], 2), { state: 'rejected', words: 'Too late.' })
  t.equal(reportOf([...among, said('in_progress'), said('success')], 3), undefined, 'GitHub knows that')
})

t.test('each reason once, and no more of them than GitHub takes', async (t) => {
  const again = [said('pending'), said('queued', 'a'), said('queued', 'b'), said('queued', 'a')]
  t.equal(reportOf(again, 3), undefined)
  const many = [
    said('pending'),
    ...Array.from({ length: 20 }, (_, index) => said('queued', `reason ${index}`)),
  ]
  const told = many.map((_, index) => reportOf(many.slice(0, index + 1), index)).filter((each) => each)
  t.equal(told.length, mostReports)
  t.match(told.at(-1), { words: /^reason 9 What else it waits for is on its page/ })
})

t.test('how a run ends', async (t) => {
  t.equal(endOfRun(['in_progress', 'waiting']), undefined)
  t.match(endOfRun(['inactive', 'success', 'in_progress']), { state: 'success' })
  t.match(endOfRun(['failure', 'in_progress']), { state: 'failure' })
  t.match(endOfRun(['inactive', 'waiting']), { state: 'inactive' })
  t.equal(whyOver({ status: 'waiting', conclusion: undefined, attempt: 1 }, 1), undefined)
  t.match(whyOver({ status: 'completed', conclusion: 'cancelled', attempt: 1 }, 1), /over: cancelled/)
  t.match(whyOver({ status: 'waiting', conclusion: undefined, attempt: 2 }, 1), /anew: attempt 2/)
})

t.test('which checks count beside its own run', async (t) => {
  const run = (id: number, suite: number, status: string): CheckRun => ({
    ...{ id, suite, status, app: '1', name: `check ${id}`, conclusion: null },
  })
  const all = [run(1, 7, 'queued'), run(2, 8, 'in_progress'), run(3, 9, 'waiting')]
  t.same(
    checksBeside(all, 7).map(({ id }) => id),
    [2],
  )
  t.same(
    checksBeside(all, undefined).map(({ id }) => id),
    [1, 2],
  )
})

t.test('checks hold it back, end it when they are red, and when they take too long', async (t) => {
  const facts = { acceptedAt: 0, limitMs: 60_000, looks: { firstMs: 1000, longestMs: 5000 } }
  t.equal(decideChecks(undefined, {}, 0), undefined)
  t.equal(decideChecks({ ...facts, verdict: { verdict: 'green' } }, {}, 0), undefined)
  const pending = { ...facts, verdict: { verdict: 'pending' as const, waitingFor: ['build (queued)'] } }
  t.match(decideChecks(pending, {}, 2000), {
    reason: 'Waits for the checks of its commit: build (queued).',
    endsAt: 4000,
    limit: { at: 60_000, reason: 'Its checks took too long: build (queued).' },
  })
  const red = { ...facts, verdict: { verdict: 'red' as const, failed: ['build (failure)'] } }
  t.match(decideChecks(red, {}, 2000), {
    limit: { at: 2000, reason: 'Its checks have failed: build (failure).' },
  })
})

t.test('it is given up before GitHub does', async (t) => {
  const day = 24 * 3_600_000
  t.same(githubLimit(0, 29 * day), [])
  t.match(githubLimit(0, 30 * day), [{ limit: { reason: 'Given up: GitHub waits for 30 days at most.' } }])
})
