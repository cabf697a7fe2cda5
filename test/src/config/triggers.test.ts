// What the file may say of tags, paths and callbacks.
import t from 'tap'
import { explainConfig } from '../../../src/config/explain.ts'
import { ConfigError } from '../../../src/config/problem.ts'
import { parseConfig } from '../../../src/config/read-config.ts'
import type { EnvironmentRules } from '../../../src/config/rules.ts'

const textOf = (...lines: string[]) =>
  `repositories:\n  acme/shop:\n    environments:\n      staging:\n${lines.map((line) => `        ${line}\n`).join('')}`

const read = (...lines: string[]) => parseConfig(textOf(...lines), 'livraison.yml', {})

const rulesOf = (...lines: string[]) =>
  read(...lines).of('acme/shop')?.environments[0] ?? ({} as EnvironmentRules)

function problemsOf(...lines: string[]): string[] {
  try {
    read(...lines)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.lines.map((line) => line.replace('livraison.yml:', ''))
  }
}

const request = (more: string) => `request: { url: "https://a.example", ${more} }`

t.test('tags and paths are one pattern or several; left out, they are all', async (t) => {
  t.match(rulesOf('run: x', 'on: tag'), { on: 'tag', tags: ['**'], paths: [] })
  t.match(rulesOf('run: x', 'on: tag', 'tags: v*'), { tags: ['v*'] })
  t.match(rulesOf('run: x', 'on: tag', 'tags: [v*, "!*-rc*"]'), { tags: ['v*', '!*-rc*'] })
  t.match(rulesOf('run: x', 'paths: apps/**'), { tags: [], paths: ['apps/**'] })
  t.match(rulesOf('run: x', 'on: push', 'paths: ["apps/**", "!**/*.md"]'), { paths: ['apps/**', '!**/*.md'] })
})

t.test('a callback is waited for until the time is over, or for as long as it says', async (t) => {
  t.equal(rulesOf(request('callback: false')).executor.kind, 'request')
  const callback = (...lines: string[]) => {
    const { executor } = rulesOf(...lines)
    return executor.kind === 'request' ? [executor.callback, executor.timeoutMs] : []
  }
  t.same(callback(request('callback: false')), [undefined, 600_000])
  t.same(callback(request('callback: true')), [{ withinMs: undefined }, 600_000])
  t.same(callback(request('callback: { within: 15m }')), [{ withinMs: 900_000 }, 1_500_000])
  t.same(callback(request('callback: { within: 15m }'), 'timeout: 20m'), [{ withinMs: 900_000 }, 1_200_000])
})

t.test('what cannot be meant is refused in words', async (t) => {
  const pattern = 'must be a pattern or a list of patterns, not'
  const rows: [lines: string[], ...problems: string[]][] = [
    [['run: x', 'tags: v*'], '6:9  environments.staging.tags: goes with `on: tag` only'],
    [['run: x', 'on: push', 'tags: v*'], '7:9  environments.staging.tags: goes with `on: tag` only'],
    [['run: x', 'on: tag', 'tags: 1.2'], `7:15  environments.staging.tags: ${pattern} 1.2`],
    [['run: x', 'on: tag', 'tags: []'], `7:15  environments.staging.tags: ${pattern} a list`],
    [['run: x', 'on: tag', 'tags: ""'], `7:15  environments.staging.tags: must be a pattern, not ""`],
    [['run: x', 'paths: "!"'], `6:16  environments.staging.paths: must be a pattern, not "!"`],
    [['run: x', 'paths: "!!a"'], `6:16  environments.staging.paths: must be a pattern, not "!!a"`],
    [
      ['run: x', 'on: manual', 'paths: a'],
      '7:9  environments.staging.paths: means nothing with `on: manual`: what somebody deploys is deployed',
    ],
    [
      [request('callback: true, poll: { url: "https://a.example", success: a, failure: b }')],
      '5:46  environments.staging.request.callback: cannot go with `poll`: the outcome is either asked for or told',
    ],
    [
      [request('callback: true, method: GET')],
      '5:46  environments.staging.request.callback: needs a method with a body, which GET has not: the address is in the body',
    ],
    [
      [request('callback: true, body: { sha: "{{sha}}" }')],
      '5:46  environments.staging.request.callback: needs {{callback_url}} in the body: without it, nobody knows what to call',
    ],
    [
      [request('callback: { within: 15m }'), 'timeout: 10m'],
      '5:66  environments.staging.request.callback.within: must not be longer than the timeout, which ends all',
    ],
    [
      [request('callback: maybe')],
      '5:56  environments.staging.request.callback: must be true, false or a mapping, not "maybe"',
    ],
  ]
  for (const [lines, ...problems] of rows) t.same(problemsOf(...lines), problems, lines.join(', '))
  t.same(problemsOf(request('callback: true, body: { to: ["{{ callback_url }}"] }')), [])
})

t.test('livraison check says what they mean', async (t) => {
  const line = (...lines: string[]) => explainConfig(read(...lines))[1]
  t.match(
    line('run: x', 'on: tag'),
    'The commit of a pushed tag of any name is deployed to staging by running x',
  )
  t.match(
    line('run: x', 'on: tag', 'tags: [v*, r*, "!*-rc*"]'),
    'The commit of a pushed tag that is v* or r* and is not *-rc* is deployed to staging',
  )
  t.match(
    line('run: x', 'paths: ["apps/**", "!**/*.md"]'),
    'What changes no file that is apps/** and is not **/*.md since the last success there is left out.',
  )
  t.match(line(request('callback: true')), 'then waiting to be told how it went (10 min at most)')
  t.match(
    line(request('callback: { within: 15m }')),
    'then waiting to be told how it went within 15 min (25 min at most)',
  )
})
