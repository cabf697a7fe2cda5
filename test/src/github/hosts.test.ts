// Which GitHub it is: by the settings, by its answers, by its deliveries. All of it is pure.
import t from 'tap'
import { enterpriseVersion, featuresMissingIn, missingFeature } from '../../../src/github/enterprise.ts'
import { keyPrefixOf } from '../../../src/redis/key-prefix.ts'
import { readServerSettings } from '../../../src/settings/server.ts'
import { readWorkerSettings } from '../../../src/settings/worker.ts'
import { foreignHost, foreignReason, ownHost } from '../../../src/webhook/foreign-host.ts'

t.test('what is not set follows from what is, and is told', async (t) => {
  const rows: [set: Record<string, string>, server: string, api: string, note: RegExp | undefined][] = [
    [{}, 'https://github.com', 'https://api.github.com', undefined],
    [
      { GITHUB_SERVER_URL: 'https://ghe.example.com/' },
      'https://ghe.example.com',
      'https://ghe.example.com/api/v3',
      /^GITHUB_API_URL is not set; it is taken to be https:\/\/ghe\.example\.com\/api\/v3$/,
    ],
    [
      { GITHUB_SERVER_URL: 'https://octocorp.ghe.com' },
      'https://octocorp.ghe.com',
      'https://api.octocorp.ghe.com',
      /GITHUB_API_URL/,
    ],
    [
      { GITHUB_SERVER_URL: 'https://github.com' },
      'https://github.com',
      'https://api.github.com',
      /GITHUB_API_URL/,
    ],
    [
      { GITHUB_API_URL: 'https://ghe.example.com:8443/api/v3' },
      'https://ghe.example.com:8443',
      'https://ghe.example.com:8443/api/v3',
      /^GITHUB_SERVER_URL/,
    ],
    [
      { GITHUB_API_URL: 'https://api.octocorp.ghe.com' },
      'https://octocorp.ghe.com',
      'https://api.octocorp.ghe.com',
      /^GITHUB_SERVER_URL/,
    ],
    [
      { GITHUB_SERVER_URL: 'https://git.example', GITHUB_API_URL: 'https://api.example' },
      'https://git.example',
      'https://api.example',
      undefined,
    ],
  ]
  for (const [set, githubServerUrl, githubApiUrl, note] of rows) {
    for (const read of [readServerSettings, readWorkerSettings]) {
      const settings = read({ GITHUB_WEBHOOK_SECRET: 'x', GITHUB_TOKEN: 'x', ...set })
      t.match(settings, { githubServerUrl, githubApiUrl, githubNote: note })
    }
  }
})

t.test('a file of certificates that is none stops the start', async (t) => {
  const file = `${t.testdir({ 'ca.pem': 'no certificate' })}/ca.pem`
  for (const GITHUB_CA_FILE of [file, '/nothing/there']) {
    const settings = { GITHUB_WEBHOOK_SECRET: 'x', GITHUB_TOKEN: 'x', GITHUB_CA_FILE }
    t.throws(() => readServerSettings(settings), /GITHUB_CA_FILE names ".*", and there is no certificate/)
    t.throws(() => readWorkerSettings(settings), /GITHUB_CA_FILE/)
  }
})

t.test('each host has keys of its own, in one slot', async (t) => {
  t.equal(keyPrefixOf('https://github.com'), '{livraison}')
  t.equal(keyPrefixOf('https://www.github.com'), '{livraison}')
  t.equal(keyPrefixOf('https://GHE.example.com'), '{livraison:ghe.example.com}')
  t.equal(keyPrefixOf('http://ghe.example.com:8080'), '{livraison:ghe.example.com:8080}')
  t.equal(keyPrefixOf('https://octocorp.ghe.com'), '{livraison:octocorp.ghe.com}')
})

t.test('where a delivery is from', async (t) => {
  const own = ownHost('https://ghe.example.com')
  const payload = (host: string) => ({ repository: { html_url: `https://${host}/acme/shop` } })
  const from = (headers: Record<string, string>, body: unknown = {}) => foreignHost(headers, body, own)
  t.equal(from({}), undefined, 'it does not say')
  t.equal(from({}, payload('ghe.example.com')), undefined)
  t.equal(from({}, payload('GHE.example.com')), undefined)
  t.equal(from({}, payload('github.com')), 'github.com')
  t.equal(from({}, payload('ghe.example.com.evil.example')), 'ghe.example.com.evil.example')
  t.equal(from({ 'x-github-enterprise-host': 'ghe.example.com' }), undefined)
  t.equal(
    from({ 'x-github-enterprise-host': 'other.example.com' }, payload('ghe.example.com')),
    'other.example.com',
  )
  t.equal(from({ 'x-github-tenant': 'octocorp' }), 'octocorp.ghe.com')
  t.equal(foreignHost({ 'x-github-tenant': 'Octocorp' }, {}, ownHost('https://octocorp.ghe.com')), undefined)
  const withPort = ownHost('http://127.0.0.1:4568')
  t.equal(foreignHost({ 'x-github-enterprise-host': '127.0.0.1' }, {}, withPort), undefined)
  t.equal(foreignHost({}, payload('127.0.0.1:4569'), withPort), '127.0.0.1:4569')
  for (const odd of [
    null,
    'x',
    {},
    { repository: null },
    { repository: { html_url: 7 } },
    { repository: { html_url: 'x' } },
  ]) {
    t.equal(from({}, odd), undefined)
  }
  t.match(foreignReason('github.com', own), /from github\.com.*for ghe\.example\.com.*GITHUB_SERVER_URL/)
})

t.test('what an older Enterprise Server does not have', async (t) => {
  const rules = '/repos/{owner}/{repo}/rules/branches/{branch}'
  const of = (version: string) => ({ 'x-github-enterprise-version': version })
  t.equal(missingFeature(rules, 404, of('3.9.3'))?.name, 'rulesets')
  t.equal(missingFeature(rules, 410, of('3.10.0'))?.name, 'rulesets')
  t.equal(missingFeature(rules, 404, of('3.11.0')), undefined, 'then it is the branch that is not there')
  t.equal(missingFeature(rules, 403, of('3.9.3')), undefined)
  t.equal(missingFeature(rules, 404, {}), undefined, 'GitHub.com has it')
  t.equal(missingFeature('/repos/{owner}/{repo}', 404, of('3.0.0')), undefined)
  t.strictSame(
    featuresMissingIn('3.4.10').map(({ name }) => name),
    ['rulesets', 'deliveries', 'merge-queue', 'api-versions'],
  )
  t.strictSame(featuresMissingIn('3.19.1'), [])
  t.equal(enterpriseVersion({}), undefined)
})
