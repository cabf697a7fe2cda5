// What is decided about a pull request before it is deployed.
import t from 'tap'
import { parseConfig } from '../../../src/config/read-config.ts'
import { chooseEnvironment, chooseForPull } from '../../../worker/commands/choose-environment.ts'
import { doubtHead, type HeadFacts } from '../../../worker/commands/judge-head.ts'

const sha = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d'
const at = 1_000_000
const again = '/deploy staging'

const heads: [string, Pick<HeadFacts, 'pushedAt' | 'named'>, RegExp | undefined][] = [
  ['pushed before', { pushedAt: at - 1000, named: undefined }, undefined],
  ['pushed before, and named in short', { pushedAt: at - 1000, named: '1a2b3c4' }, undefined],
  ['pushed in the same second', { pushedAt: at, named: undefined }, /in the same second/],
  ['pushed after', { pushedAt: at + 1000, named: undefined }, /its head is 1a2b3c4 now/],
  [
    'pushed after, and named in short',
    { pushedAt: at + 1000, named: sha.slice(0, 39) },
    /was pushed to after/,
  ],
  ['pushed after, and named in full', { pushedAt: at + 1000, named: sha }, undefined],
  [
    'unknown',
    { pushedAt: undefined, named: undefined },
    new RegExp(`Name the whole commit: /deploy staging ${sha}$`),
  ],
  ['unknown, and named in short', { pushedAt: undefined, named: '1a2b3c4' }, /Name the whole commit/],
  ['unknown, and named in full', { pushedAt: undefined, named: sha }, undefined],
  ['another', { pushedAt: at - 1000, named: '1111111' }, /^1111111 is not the head of #3: that is 1a2b3c4/],
]

for (const [what, facts, expected] of heads) {
  t.test(`a head that was ${what}`, async (t) => {
    const doubt = doubtHead({ ...facts, again, commentedAt: at, pull: { number: 3, sha } })
    if (expected) t.match(doubt, expected)
    else t.equal(doubt, undefined)
  })
}

const rulesOf = (...environments: string[]) => {
  const text = `repositories: { acme/shop: { environments: { ${environments.join(', ')} } } }`
  const rules = parseConfig(text, 'livraison.yml', {}).of('acme/shop')
  if (!rules) throw new Error('there are no rules')
  return rules
}

const none = 'production: { simulate: 1s }'
const own = 'staging: { simulate: 1s, pull_requests: true }'
const forks = '"green field": { simulate: 1s, pull_requests: { forks: true } }'
const ofOwn = { fork: false, isMerged: false }
const ofFork = { fork: true, isMerged: false }
const merged = { fork: true, isMerged: true }

t.test('an environment is named, or the only one', async (t) => {
  t.same(chooseEnvironment(rulesOf(none), undefined, '/lock'), { environment: 'production' })
  t.same(chooseEnvironment(rulesOf(none, own), 'STAGING', '/lock'), { environment: 'staging' })
  t.same(chooseEnvironment(rulesOf(none, own), 'nowhere', '/lock'), { environment: 'nowhere' })
  t.same(chooseEnvironment(rulesOf(none, forks), undefined, '/lock'), {
    ask: 'Name an environment: /lock production or /lock "green field"',
  })
})

t.test('a pull request goes only where the rules let it', async (t) => {
  const all = rulesOf(none, own, forks)
  t.same(chooseForPull(rulesOf(none, own), undefined, ofOwn, '/deploy'), { environment: 'staging' })
  t.same(chooseForPull(all, undefined, ofFork, '/deploy'), { environment: 'green field' })
  t.match(chooseForPull(all, undefined, ofOwn, '/deploy'), {
    ask: /\/deploy staging or \/deploy "green field"$/,
  })
  t.same(chooseForPull(all, 'Staging', ofOwn, '/deploy'), { environment: 'staging' })
  t.match(chooseForPull(all, 'staging', ofFork, '/deploy'), {
    refused: /no pull requests from forks .* deploy it to green field/,
  })
  t.match(chooseForPull(all, 'production', ofOwn, '/deploy'), {
    refused: /before they are merged .* staging or green field/,
  })
  t.match(chooseForPull(rulesOf(none), 'production', ofOwn, '/deploy'), { refused: /merge it first\.$/ })
  t.match(chooseForPull(rulesOf(none, own), undefined, ofFork, '/deploy'), {
    refused: /No environment takes pull requests from forks/,
  })
  t.match(chooseForPull(rulesOf(), undefined, ofOwn, '/deploy'), {
    refused: /no environment for this repository/,
  })
})

t.test('what is merged goes anywhere', async (t) => {
  t.same(chooseForPull(rulesOf(none, own), 'production', merged, '/deploy'), { environment: 'production' })
  t.same(chooseForPull(rulesOf(none), undefined, merged, '/deploy'), { environment: 'production' })
  t.match(chooseForPull(rulesOf(none, own), undefined, merged, '/deploy'), {
    ask: /production or \/deploy staging/,
  })
})

t.test('the file says whose heads are taken', async (t) => {
  const of = (value: string) =>
    rulesOf(`e: { simulate: 1s, pull_requests: ${value} }`).environments[0]?.pullRequests
  t.same(['true', 'false', '{}', '{ forks: false }', '{ forks: true }'].map(of), [
    'own',
    'none',
    'own',
    'own',
    'forks',
  ])
  t.throws(() => of('often'), /must be true, false or { forks: true }, not "often"/)
  t.throws(() => of('{ fork: true }'), /did you mean forks/)
  t.throws(() => of('{ forks: yes please }'), /must be true or false/)
})
