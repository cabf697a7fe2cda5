import { Redis } from 'ioredis'
import t from 'tap'
import { createAnsi } from '../../../src/dashboard/ansi.ts'
import { findFailure, readLogView } from '../../../src/dashboard/deployment/log-view.ts'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { openLogs } from '../../../src/deployments/log.ts'
import { testRedis } from '../../fixtures/redis.ts'

t.test('colours become classes, and all else is escaped', async (t) => {
  const html = createAnsi()
  t.equal(html('\u001b[31mred\u001b[0m <b>&"'), '<span class="ansi-red-fg">red</span> &lt;b&gt;&amp;&quot;')
  t.equal(html('\u001b[1;4mloud\u001b[0m'), '<span class="bold underline">loud</span>')
  t.equal(html('\u001b[1;32mdone\u001b[0m'), '<span class="bold ansi-green-fg">done</span>')
  t.equal(
    html('\u001b[38;5;208morange\u001b[0m'),
    '<span class="ansi-yellow-fg">orange</span>',
    'the nearest',
  )
  t.equal(html('\u001b[48;2;255;0;0mon red\u001b[0m'), '<span class="ansi-red-bg">on red</span>')
  t.equal(html('10 %\r50 %\r100 %'), '100 %', 'what was written over is gone')
  t.equal(html('\u001b[32mgoes'), '<span class="ansi-green-fg">goes</span>')
  t.equal(html('on'), '<span class="ansi-green-fg">on</span>', 'until it is switched off')
})

t.test('no line of a program makes an element or an attribute of its own', async (t) => {
  const evil = [
    '<span style="color:red">',
    '"><img src=x onerror=alert(1)>',
    '\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007',
    '\u001b]8;;https://a.example/" onclick="alert(1)\u0007click\u001b]8;;\u0007',
    "<script>alert('1')</script>",
    '\u001b[31m<\u001b[0mscript>',
  ]
  for (const line of evil) {
    const html = createAnsi()(line)
    t.strictSame(html.match(/<(?!\/?span\b|\/?a\b)[^>]*>/g), null, html)
    t.notMatch(html, /<[^>]+ (style|on\w+)=|<[^>]+javascript:/, html)
  }
})

t.test('the line that tells best what went wrong', async (t) => {
  const at = (...lines: string[]) => findFailure(lines)
  t.equal(at(), undefined)
  t.equal(at('', ' '), undefined)
  t.equal(at('one', 'two', ''), 1, 'the last that says anything')
  t.equal(at('one', 'Error: no space', 'cleaning up'), 1)
  t.equal(at('error: an early one', 'fine', 'fatal: the last', 'error: of several', 'bye'), 2)
  t.equal(at('Error: real', '0 errors found', 'no errors'), 0, 'what says that there is none does not count')
  t.equal(at('\u001b[31;1merror:\u001b[0m the disk is full', 'giving up'), 0, 'in colour, too')
  t.equal(at('$ echo error', 'done'), 1, 'nor does the command itself')
})

t.test('a long log is read from its end, or up to a line', async (t) => {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const logs = openLogs(redis, deploymentKeys(prefix))
  const lines = Array.from({ length: 2500 }, (_, index) => `line ${index + 1}`)
  await logs.append(1, lines)
  const numbers = async (until?: number) => {
    const { lines, total } = await readLogView(logs, 1, until, false)
    return { first: lines[0]?.number, last: lines.at(-1)?.number, text: lines.at(-1)?.html, total }
  }
  t.strictSame(await numbers(), { first: 1501, last: 2500, text: 'line 2500', total: 2500 })
  t.strictSame(await numbers(1500), { first: 501, last: 1500, text: 'line 1500', total: 2500 })
  t.strictSame(await numbers(500), { first: 1, last: 500, text: 'line 500', total: 2500 })
  t.strictSame(await numbers(9999), { first: 1501, last: 2500, text: 'line 2500', total: 2500 })
  t.match(await readLogView(logs, 2, undefined, true), { lines: [], total: 0 })
})
