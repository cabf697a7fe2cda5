import t from 'tap'
import { describeOutcome, duration } from '../../../../worker/executors/command/describe.ts'

t.test('durations are told as people do', async (t) => {
  const told = [0, 100, 940, 950, 12_345, 119_400, 120_000, 200_000, 3_600_000].map(duration)
  t.strictSame(told, ['0.1 s', '0.1 s', '0.9 s', '1 s', '12 s', '119 s', '2 min', '3 min 20 s', '60 min'])
})

const deployment = { sha: '0123456789'.repeat(4), environment: 'production' }
const limits = { tookMs: 12_000, timeoutMs: 600_000, inactivityMs: 120_000 }
const failed = (lines: string[]) =>
  describeOutcome(deployment, { why: 'exit', status: 1 }, limits, lines).description

t.test('a success says what, where and how long', async (t) => {
  t.strictSame(describeOutcome(deployment, { why: 'exit', status: 0 }, limits, ['ignored']), {
    state: 'success',
    description: 'Deployed 0123456 to production in 12 s.',
  })
  const long = { ...deployment, environment: 'é'.repeat(300) }
  const { description } = describeOutcome(long, { why: 'exit', status: 0 }, limits, [])
  t.equal([...description].length, 140)
})

t.test('a failure says why, and as many of the last lines as there is room for', async (t) => {
  t.equal(failed(['one', 'two', 'three', 'four']), 'Exit status 1: two | three | four')
  t.equal(failed(['x'.repeat(120), 'two', 'three']), 'Exit status 1: two | three')
  t.equal(failed(['one', 'x'.repeat(200)]), `Exit status 1: ${'x'.repeat(124)}…`)
  t.equal(failed(['\u001b[31m red \u001b[0m', '\u0007\u202e', '\t ']), 'Exit status 1: red')
  t.equal(
    describeOutcome(deployment, { why: 'timeout' }, limits, []).description,
    'Stopped after 10 min, its time limit.',
  )
  t.equal(
    describeOutcome(deployment, { why: 'silence' }, limits, ['last']).description,
    'Stopped after 2 min without output: last',
  )
})
