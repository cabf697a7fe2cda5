import t from 'tap'
import { Parser } from 'tap-parser'
import { count, emptyTally, summarize, type Tally } from '../../scripts/count-tap.ts'

const counted = (lines: string): string => summarize(countTap(`TAP version 14\n${lines}\n`))

t.test('assertions count, the tests and files around them do not', async (t) => {
  const tap = `
# Subtest: one.test.ts
    # Subtest: a
        ok 1 - fine
        not ok 2 - broken
        1..2
    not ok 1 - a # time=1ms
    ok 2 - b
    1..2
not ok 1 - one.test.ts # time=2ms
1..1`
  t.equal(counted(tap), '2 passed, 1 failed')
})

t.test('a file that failed as a whole counts as one failure', async (t) => {
  t.equal(counted('ok 1 - a.test.ts\nnot ok 2 - b.test.ts # time=60000ms\n1..2'), '1 passed, 1 failed')
  const timedOut =
    '# Subtest: c.test.ts\n    ok 1 - fine\n    1..1\nnot ok 1 - c.test.ts # time=60000ms\n1..1'
  t.equal(counted(timedOut), '1 passed, 1 failed')
})

t.test('what was skipped is told with its reason', async (t) => {
  const tap = `
# Subtest: one.test.ts
    ok 1 - needs Docker # SKIP no Docker engine
    ok 2 - fine
    1..2
ok 1 - one.test.ts # time=1ms
# Subtest: two.test.ts
    1..0 # SKIP on Windows only
ok 2 - two.test.ts # SKIP on Windows only
not ok 3 - later # TODO not yet
1..3`
  t.strictSame(countTap(`TAP version 14${tap}\n`), {
    passed: 1,
    failed: 0,
    skipped: [
      { name: 'one.test.ts > needs Docker', reason: 'no Docker engine' },
      { name: 'two.test.ts', reason: 'on Windows only' },
      { name: 'later', reason: 'not yet' },
    ],
  })
  t.equal(counted(tap), '1 passed, 0 failed, 3 skipped')
})

t.test('a stream that is cut off has failed, an empty one has nothing', async (t) => {
  t.equal(counted('ok 1 - fine\n1..2'), '1 passed, 1 failed')
  t.equal(counted('ok 1 - fine\nBail out! no Redis'), '1 passed, 1 failed')
  t.equal(summarize(countTap('')), '0 passed, 0 failed')
})

function countTap(text: string): Tally {
  const tally = emptyTally()
  const parser = new Parser()
  count(parser, tally)
  parser.end(text)
  return tally
}
