import { pino } from 'pino'
import t from 'tap'
import { watchHost } from '../../../src/github/watch-host.ts'

t.test('that GitHub takes a call away is said once for each', async (t) => {
  const lines: { msg: string; route?: string; sunset?: string }[] = []
  const host = watchHost(pino({ base: null }, { write: (line) => lines.push(JSON.parse(line)) }))
  const sunset = 'Fri, 10 Mar 2028 00:00:00 GMT'
  host.see('/app', {})
  for (const route of ['/app', '/rate_limit', '/app']) host.see(route, { deprecation: 'true', sunset })
  t.match(lines, [
    { route: '/app', sunset },
    { route: '/rate_limit', sunset },
  ])
  t.equal(lines.length, 2)
})
