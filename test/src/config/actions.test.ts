import t from 'tap'
import { explainConfig } from '../../../src/config/explain.ts'
import { ConfigError } from '../../../src/config/problem.ts'
import { parseConfig } from '../../../src/config/read-config.ts'

const textOf = (environment: string) =>
  `repositories: { acme/shop: { environments: { production: { ${environment} } } } }`
const read = (environment: string) => parseConfig(textOf(environment), 'livraison.yml', {})
const rulesOf = (environment: string) => read(environment).of('acme/shop')?.environments[0]

function problemsOf(environment: string): string {
  try {
    read(environment)
    return ''
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.lines.join('\n')
  }
}

t.test('where only GitHub Actions deploys, and where we do as well', async (t) => {
  t.match(rulesOf('actions: gate'), { executor: { kind: 'actions' }, on: 'manual', actions: 'gate' })
  t.match(rulesOf('actions: gate, run: make deploy'), {
    executor: { kind: 'run' },
    on: 'merge',
    actions: 'gate',
  })
  t.notOk('actions' in (rulesOf('run: make deploy') ?? {}), 'left out, the digest of the rules is as it was')
  t.match(
    explainConfig(read('actions: gate')).join('\n'),
    /Only GitHub Actions deploys to production, and asks/,
  )
  t.match(explainConfig(read('actions: gate, simulate: 1s')).join('\n'), /GitHub Actions deploys there waits/)
})

t.test('what needs something of ours that deploys', async (t) => {
  t.match(problemsOf('actions: maybe'), /gate/)
  for (const more of ['on: push', 'rollback: automatic', 'paths: x', 'pull_requests: true', 'timeout: 1m']) {
    t.match(problemsOf(`actions: gate, ${more}`), /needs something that deploys beside `actions`/, more)
  }
  t.match(problemsOf('wait: 1m'), /must name exactly one of simulate, run, request, use/)
})
