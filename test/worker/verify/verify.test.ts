import t from 'tap'
import type { VerifyRules } from '../../../src/config/rules.ts'
import { verify } from '../../../worker/verify/verify.ts'
import { type HealthServer, startHealthServer } from '../../fixtures/health-server.ts'

function tryOut(server: HealthServer, changes: Partial<VerifyRules> = {}, secrets: string[] = []) {
  const lines: string[] = []
  const signal = new AbortController().signal
  const rules = server.rules(changes)
  const log = (line: string) => {
    lines.push(line)
    // Deployed things get well, or worse, while they are looked at.
    if (line.includes('answered 503')) server.answer(after503)
    if (line.includes('answered 200')) server.answer(after200)
  }
  let [after503, after200] = [503, 200]
  return {
    lines,
    /** What it answers after it was seen to answer badly, and well. */
    turn(bad: number, good: number) {
      after503 = bad
      after200 = good
    },
    run: () => verify(rules, { signal, log, secrets }),
  }
}

t.test('what answers well for long enough is healthy, and the log has what changed', async (t) => {
  const server = await startHealthServer(t, 503)
  const { run, lines, turn } = tryOut(server)
  turn(200, 200)
  t.same(await run(), { isHealthy: true })
  t.same(lines, [
    `Verifying: ${server.url} must answer as expected within 500 ms, and go on for 100 ms.`,
    `${server.url} answered 503.`,
    `${server.url} answered 200.`,
    `It is healthy: ${server.url} has answered as expected for 100 ms.`,
  ])
  t.ok(server.asked() > 3)
})

t.test('what never answers well is not, and neither is what turns bad', async (t) => {
  const server = await startHealthServer(t, 503)
  const never = tryOut(server)
  const description = `Deployed, but ${server.url} answered 503: it was not healthy within 500 ms.`
  t.same(await never.run(), { isHealthy: false, description })
  t.equal(never.lines.at(-1), description)

  server.answer(200)
  const turned = tryOut(server, { forMs: 60_000 })
  turned.turn(503, 503)
  t.same(await turned.run(), {
    isHealthy: false,
    description: `Deployed, and healthy at first, but ${server.url} answered 503: the last of 3 bad answers in a row.`,
  })
})

t.test('a redirect is not followed, and one that is expected is good', async (t) => {
  const server = await startHealthServer(t, 302)
  t.match(await tryOut(server).run(), { isHealthy: false, description: /answered 302/ })
  t.same(await tryOut(server, { expect: [200, 302] }).run(), { isHealthy: true })
})

t.test('who does not answer, or not in time, is not healthy; secrets are not shown', async (t) => {
  const server = await startHealthServer(t, 0)
  const url = `${server.url}/hunter2?key=hunter2`
  const { run, lines } = tryOut(server, { url }, ['hunter2'])
  t.match(await run(), { isHealthy: false, description: /healthz\/\*\*\* could not be reached \(/ })
  t.notMatch(lines.join('\n'), 'hunter2')
  const nowhere = tryOut(server, { url: 'http://[::1]:1/', withinMs: 50 })
  t.match(await nowhere.run(), { isHealthy: false, description: /could not be reached/ })
})

t.test('it stops when it is told to', async (t) => {
  const server = await startHealthServer(t)
  const stop = new AbortController()
  const log = (line: string) => line.includes('answered 200') && stop.abort(new Error('enough'))
  const running = verify(server.rules({ forMs: 60_000 }), {
    signal: stop.signal,
    log: (line) => void log(line),
    secrets: [],
  })
  await t.rejects(running)
})
