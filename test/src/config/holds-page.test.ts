// The examples of docs/holds.md are files that can be used.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseConfig } from '../../../src/config/read-config.ts'

/** The indented blocks of a page, without their indentation. */
function blocksOf(page: string): string[] {
  return page
    .split(/\n(?! {4}|\n)/)
    .map((part) => part.split('\n').filter((line) => line.startsWith('    ')))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.slice(4)).join('\n'))
}

t.test('each example of the configuration', async (t) => {
  const blocks = blocksOf(readFileSync('docs/holds.md', 'utf8'))
  const environments = blocks.filter((block) => block.startsWith('environments:'))
  t.equal(environments.length, 2)
  for (const block of environments) {
    const inside = block.replace('production:', 'production:\n    simulate: 1s').replaceAll('\n', '\n    ')
    const rules = parseConfig(`repositories:\n  acme/shop:\n    ${inside}`, 'livraison.yml', {}).of(
      'acme/shop',
    )
    t.equal(rules?.environments[0]?.name, 'production')
  }
  const [file = ''] = blocks.filter((block) => block.startsWith('freezes:'))
  const whole = `${file}\n    environments: { production: { simulate: 1s } }`
  const [production] = parseConfig(whole, 'livraison.yml', {}).of('acme/shop')?.environments ?? []
  t.same(
    production?.freezes.map(({ reason }) => reason),
    ['Christmas', 'sales'],
  )
})
