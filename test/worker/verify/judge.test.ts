import t from 'tap'
import { type Health, judge, nextProbeMs } from '../../../worker/verify/judge.ts'
import { isExpected } from '../../../worker/verify/probe.ts'

const rules = { withinMs: 60, forMs: 30, everyMs: 10 }

/** The verdict of a row of answers, one each ten milliseconds, and after how many of them: `+` good, `-` bad. */
function verdictOf(answers: string): [string, number] | undefined {
  let health: Health = { beganAt: 0, badInARow: 0 }
  for (const [index, answer] of [...answers].entries()) {
    const judged = judge(health, { isGood: answer === '+', words: '' }, index * 10, rules)
    health = judged.health
    if (judged.verdict) return [judged.verdict, index]
  }
  return undefined
}

t.test('it must become healthy within its time and then stay so for its time', async (t) => {
  const rows: [answers: string, verdict: ReturnType<typeof verdictOf>][] = [
    ['++++', ['healthy', 3]],
    ['+++', undefined],
    ['-----++++', ['healthy', 8]],
    ['-------', ['never healthy', 6]],
    ['------', undefined],
    ['+--+', ['healthy', 3]],
    ['+-+--+', ['healthy', 5]],
    ['+--', undefined],
    ['+---', ['turned bad', 3]],
    ['++--', undefined],
    ['++---', ['turned bad', 4]],
    ['+++-+', ['healthy', 4]],
    ['-----+---', ['turned bad', 8]],
  ]
  for (const [answers, verdict] of rows) t.same(verdictOf(answers), verdict, answers)
})

t.test('it is asked at the very end of a time, and no less often than it should be', async (t) => {
  t.equal(nextProbeMs({ beganAt: 0, badInARow: 1 }, 12, rules), 10)
  t.equal(nextProbeMs({ beganAt: 0, badInARow: 1 }, 57, rules), 3)
  t.equal(nextProbeMs({ beganAt: 0, goodSince: 40, badInARow: 0 }, 65, rules), 5)
  t.equal(nextProbeMs({ beganAt: 0, goodSince: 40, badInARow: 1 }, 75, rules), 10, 'the last answer was bad')
})

t.test('which answers are good', async (t) => {
  for (const status of [200, 204, 299]) t.ok(isExpected(status, undefined))
  for (const status of [199, 301, 302, 404, 503]) t.notOk(isExpected(status, undefined))
  t.ok(isExpected(302, [200, 302]))
  t.notOk(isExpected(201, [200, 302]))
})
