import t, { type Test } from 'tap'
import { createOutput, outputLimits } from '../../../../worker/executors/command/output.ts'
import { startBench } from './bench.ts'

function outputOf(chunks: (string | Buffer)[], limits = outputLimits, secrets: string[] = []): string[] {
  const lines: string[] = []
  const output = createOutput(secrets, (line) => lines.push(line), limits)
  for (const chunk of chunks) output.add(Buffer.from(chunk as string))
  output.end()
  return lines
}

t.test('pieces become lines', async (t) => {
  t.strictSame(outputOf(['one\ntw', 'o\r\n', '\nfo', 'ur']), ['one', 'two', '', 'four'])
  t.strictSame(outputOf([]), [])
  t.strictSame(outputOf(['\u001b[32mgreen\u001b[0m\n']), ['\u001b[32mgreen\u001b[0m'])
  const euro = Buffer.from('10 €\n')
  t.strictSame(outputOf([euro.subarray(0, 4), euro.subarray(4)]), ['10 €'])
  t.strictSame(outputOf([Buffer.from([0x66, 0xff, 0x0a])]), ['f\ufffd'])
})

t.test('a long line is cut visibly, and not within a character', async (t) => {
  const limits = { ...outputLimits, lineLength: 4 }
  t.strictSame(outputOf(['abcd\n'], limits), ['abcd'])
  t.strictSame(outputOf(['abcdefghij\n'], limits), ['abcd…', 'efgh…', 'ij'])
  t.strictSame(outputOf(['abc😀d\n'], limits), ['abc…', '😀d'])
  t.strictSame(outputOf(['abcdef'], limits), ['abcd…', 'ef'])
  t.strictSame(outputOf(['abc', 'def', 'ghi\n'], limits, ['cdef']), ['ab**…', '*ghi'])
})

const few = { lineLength: 100, characters: 1000, lines: 10 }

t.test('a log that grows too long is cut visibly and has its end', async (t) => {
  const numbers = Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`)
  const lines = outputOf(numbers, few)
  t.strictSame(
    lines.slice(0, 10),
    numbers.slice(0, 10).map((line) => line.trimEnd()),
  )
  t.match(lines[10], /^… The log has reached its limit: of what follows, only the end is kept …$/)
  t.match(lines[11], /^… [\d,]+ characters are left out …$/)
  t.equal(lines.at(-1), 'line 9999')
  const shown = lines.slice(12).length
  t.strictSame(
    lines.slice(12),
    numbers.slice(-shown).map((line) => line.trimEnd()),
  )
  const left = numbers.slice(10, -shown).join('').length
  t.ok(lines[11]?.includes(left.toLocaleString('en')), 'it says how much is missing')
})

t.test('one endless line is cut, too', async (t) => {
  const lines = outputOf(
    Array.from({ length: 1000 }, () => 'x'.repeat(64)),
    few,
  )
  t.ok(lines.length < 200)
  t.ok(lines.some((line) => line.includes('reached its limit')))
})

t.test(
  'a command that writes a gigabyte ends in bounded time and memory',
  { timeout: 120_000 },
  async (t) => {
    const { run } = await startBench(t)
    await flood(t, run, 'yes 0123456789 | head -c 1000000000; echo; echo done')
    await flood(t, run, 'yes | head -c 1000000000; echo; echo done')
    await flood(t, run, 'head -c 1000000000 /dev/zero; echo; echo done')
  },
)

async function flood(t: Test, run: Awaited<ReturnType<typeof startBench>>['run'], command: string) {
  const before = process.memoryUsage().rss
  let most = 0
  const measuring = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before)
  }, 20)
  const began = performance.now()
  const { state, lines } = await run(command, { timeoutMs: 90_000, secrets: ['hunter2', 'another secret'] })
  clearInterval(measuring)
  const seconds = (performance.now() - began) / 1000
  t.comment(`1 GB in ${seconds.toFixed(1)} s, at most ${Math.round(most / 1e6)} MB more memory`)
  t.equal(state, 'success')
  t.equal(lines.at(-1), 'done')
  t.ok(lines.some((line) => line.includes('reached its limit')))
  t.ok(lines.length < 19_500, `${lines.length} lines`)
  t.ok(most < 300e6, `${most} bytes`)
  t.ok(seconds < 60)
}
