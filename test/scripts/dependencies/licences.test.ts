import { readFileSync } from 'node:fs'
import t from 'tap'
import { fulfils, licenceProblems, productionPackages } from '../../../scripts/dependencies/licences.ts'
import { type Policy, readPolicy } from '../../../scripts/dependencies/policy.ts'

t.test('all that Livraison is made of may be given on with it', async (t) => {
  const packages = productionPackages(JSON.parse(readFileSync('package-lock.json', 'utf8')))
  t.ok(packages.length > 100)
  t.strictSame(licenceProblems(packages, readPolicy()), [])
})

t.test('expressions', async (t) => {
  const allowed = ['MIT', 'ISC']
  const good = ['MIT', '(MIT)', 'MIT OR GPL-3.0', 'GPL-3.0 OR MIT', 'MIT AND ISC', '(GPL-3.0 OR ISC) AND MIT']
  for (const each of good) t.ok(fulfils(each, allowed), each)
  const bad = [
    'GPL-3.0',
    'MIT AND GPL-3.0',
    'GPL-3.0 AND MIT OR AGPL-3.0',
    '',
    'MIT WITH x',
    '(MIT',
    'SEE LICENSE IN x',
  ]
  for (const each of bad) t.notOk(fulfils(each, allowed), each)
})

t.test('what is not allowed is named, and what is for development does not count', async (t) => {
  const policy: Policy = {
    licences: ['MIT'],
    licenceExceptions: [
      { package: 'odd', licence: 'none', reason: 'x', since: '2026-01-01' },
      { package: 'gone', licence: 'none', reason: 'x', since: '2026-01-01' },
    ],
    advisoryExceptions: [],
  }
  const packages = productionPackages({
    packages: {
      '': { version: '1.0.0' },
      'node_modules/good': { version: '1.0.0', license: 'MIT' },
      'node_modules/a/node_modules/@b/bad': { version: '2.0.0', license: 'GPL-3.0' },
      'node_modules/silent': { version: '3.0.0' },
      'node_modules/odd': { version: '3.0.0' },
      'node_modules/dev': { version: '4.0.0', license: 'GPL-3.0', dev: true },
    },
  })
  t.strictSame(licenceProblems(packages, policy), [
    '@b/bad 2.0.0 is under GPL-3.0, which scripts/dependencies/policy.json does not allow.',
    'silent 3.0.0 does not say under which licence it is.',
    'The exception for gone is for nothing that is installed: take it away.',
  ])
})
