import t from 'tap'
import { environmentDigest } from '../../../src/config/environment-digest.ts'
import { explainConfig } from '../../../src/config/explain.ts'
import { parseConfig } from '../../../src/config/read-config.ts'
import type { EnvironmentRules } from '../../../src/config/rules.ts'
import { problemsOf } from '../../fixtures/config-texts.ts'

const text = (...production: string[]) => `
repositories:
  acme/shop:
    environments:
      production:
        runs_on: [production, EU]
        ${production.join('\n        ')}
    checks:
      - context: gpu
        runs_on: gpu
        run: test
        env: { KEY: "\${GPU_KEY}" }
`
const command = [`run: ./deploy \${TARGET}`, `env: { KEY: "\${KEY}" }`, 'timeout: 5m']
const read = (of: string, env = {}, labels: string[] = []) => parseConfig(of, 'livraison.yml', env, labels)
const productionOf = (of: string, env = {}, labels: string[] = []) =>
  read(of, env, labels).of('acme/shop')?.environments[0] as EnvironmentRules

t.test('what only other workers do may lack its secrets, and cannot be done', async (t) => {
  const production = productionOf(text(...command))
  t.match(production, { runsOn: ['eu', 'production'], onWorkerLoss: 'fail' })
  t.strictSame(production.executor, { kind: 'elsewhere', missing: ['TARGET', 'KEY'] })
  t.strictSame(productionOf(text(`request: { url: "\${URL}" }`)).onWorkerLoss, 'rerun')
  t.strictSame(read(text(...command)).secrets, [])
  t.match(explainConfig(read(text(...command)))[1], /what needs TARGET and KEY, which other workers have/)
  const all = { KEY: 'k', TARGET: 't', GPU_KEY: 'g' }
  t.match(productionOf(text(...command), all).executor, { command: './deploy t' }, 'it may have them')
})

t.test('those that do it may not lack them, and nobody lacks anything else', async (t) => {
  const needs = (of: string, labels: string[]) => {
    try {
      read(of, {}, labels)
    } catch (error) {
      return String(error).match(/needs \w+/g)
    }
    return []
  }
  t.strictSame(needs(text(...command), ['eu', 'production', 'more']), ['needs TARGET', 'needs KEY'])
  t.strictSame(needs(text(...command), ['production']), [], 'one of the labels is not enough to do it')
  t.strictSame(needs(text(...command), ['gpu']), ['needs GPU_KEY'])
  t.strictSame(needs(text('simulate: 0s', `url: "\${URL}"`), []), ['needs URL'])
  t.strictSame(needs(text(...command).replaceAll('runs_on: [production, EU]', ''), []), [
    'needs TARGET',
    'needs KEY',
  ])
  t.match(problemsOf(t, text(`simulat: \${X}`)), [/must name exactly one/, /needs X/])
})

t.test('an approval counts in all processes, whatever their environment', async (t) => {
  const digest = environmentDigest(productionOf(text(...command)))
  t.equal(environmentDigest(productionOf(text(...command), { KEY: 'k', TARGET: 't', GPU_KEY: 'g' })), digest)
  t.not(environmentDigest(productionOf(text(...command, 'wait: 5m'))), digest)
  const frozen = `${text(...command)}\nfreezes: [{ from: 2026-12-20, until: 2026-12-27, reason: Christmas }]`
  t.not(environmentDigest(productionOf(frozen)), digest)
})

t.test('labels are words', async (t) => {
  for (const bad of ['[]', '"a b"', '-a', '"a,b"', '[a, "a+b"]', `[${'a,'.repeat(11)}]`, '5']) {
    t.match(problemsOf(t, text(...command).replace('[production, EU]', bad)), [/runs_on/], bad)
  }
  const config = read(text(...command))
  t.strictSame(config.pools.toSorted(), ['checks@gpu', 'deployments@eu+production'])
})
