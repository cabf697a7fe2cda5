// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what is written in the file.
import fc from 'fast-check'
import t from 'tap'
import { ConfigError } from '../../../src/config/problem.ts'
import { parseConfig } from '../../../src/config/read-config.ts'
import { problemsOf, staging } from '../../fixtures/config-texts.ts'

t.test('traps: bombs of aliases, rings, depth', async (t) => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((name, index) => {
      const before = 'abcdefg'[index]
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join()}]`
    }),
  ].join('\n')
  t.match(problemsOf(t, bomb), [/^1:1 {2}cannot be read: Excessive alias count/])
  t.match(problemsOf(t, 'repositories: &a [*a]').join('\n'), 'nested too deeply')
  t.match(problemsOf(t, `repositories: ${'['.repeat(200_000)}`), [
    /^1:\d+ {2}.*(nested too deeply|Maximum call stack)/,
  ])
  t.match(problemsOf(t, `${'['.repeat(50)}${']'.repeat(50)}`).join(), /nested too deeply/)
  t.match(problemsOf(t, staging('run: !!js/function "x"')), [/^5:14 {2}is not YAML: Unresolved tag/])
})

const word = fc.constantFrom(
  'repositories',
  'acme/shop',
  'environments',
  'staging',
  'on',
  'after',
  'run',
  'request',
  'env',
  'gate',
  'merge',
  'checks',
  '__proto__',
  '${A}',
  '${',
  '',
  '*',
  '&a x',
  '1s',
)
const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    word,
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 4 }),
  ),
})).value

t.test('no text at all brings anything about but rules or faults', async () => {
  const isReadOrRefused = (text: string) => {
    try {
      return typeof parseConfig(text, 'livraison.yml', { A: 'b' }).digest === 'string'
    } catch (error) {
      return (
        error instanceof ConfigError &&
        error.lines.length > 0 &&
        error.lines.every((line) => /^livraison\.yml:\d+:\d+ {2}/.test(line))
      )
    }
  }
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.oneof(
          word,
          fc.constantFrom(
            ': ',
            '\n',
            '\n  ',
            '- ',
            '{',
            '}',
            '[',
            ']',
            '"',
            "'",
            '#',
            '|',
            '>',
            '!!',
            '%YAML 1.1\n---\n',
            '*a',
          ),
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join('')),
    tree.map((value) => JSON.stringify({ repositories: value })),
    tree.map((value) =>
      JSON.stringify({ repositories: { 'acme/shop': { environments: { staging: value } } } }),
    ),
  )
  fc.assert(fc.property(text, isReadOrRefused), { numRuns: 2000 })
})
