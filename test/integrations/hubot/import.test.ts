import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readAppsJson } from '../../../src/cli/import/apps-json.ts'
import { toLivraison } from '../../../src/cli/import/to-livraison.ts'
import { parseConfig } from '../../../src/config/read-config.ts'
import type { RepositoryRules } from '../../../src/config/rules.ts'
import { commandLine } from '../../fixtures/livraison.ts'

const key = { HEROKU_API_KEY: 'a key of Heroku' }

function convert(apps: unknown): string {
  const read = readAppsJson(JSON.stringify(apps))
  if ('problems' in read) throw new Error(read.problems.join('\n'))
  const made = toLivraison(read.apps)
  if ('problems' in made) throw new Error(made.problems.join('\n'))
  return made.text
}

function rulesOf(apps: unknown, repository = 'acme/shop'): RepositoryRules {
  const rules = parseConfig(convert(apps), 'livraison.yml', key).of(repository)
  if (!rules) throw new Error(`${repository} is not in it`)
  return rules
}

const braces = '$' + '{b}'
const shopWith = (more: Record<string, unknown>) => ({ shop: { repository: 'acme/shop', ...more } })

t.test('each provider becomes what does the same', async (t) => {
  const rows: [app: Record<string, unknown>, executor: object][] = [
    [
      { provider: 'shell', deploy_script: 'script/deploy' },
      { kind: 'run', command: './script/deploy' },
    ],
    [
      { provider: 'shell', deploy_script: './my deploy' },
      { kind: 'run', command: "'./my deploy'" },
    ],
    [{ provider: 'shell' }, { kind: 'run', command: /deploy_script.*exit 1/ }],
    [
      { provider: 'shell', deploy_script: '../../bin/evil' },
      { kind: 'run', command: /exit 1/ },
    ],
    [
      { provider: 'capistrano' },
      { kind: 'run', command: 'bundle install && bundle exec cap production "$DEPLOY_TASK"' },
    ],
    [{ provider: 'bundler_capistrano' }, { kind: 'run', command: /cap production/ }],
    [{ provider: 'fabric' }, { kind: 'run', command: 'fab -R production "$DEPLOY_TASK:branch_name=$SHA"' }],
    [{ provider: 'ansible' }, { kind: 'run', command: /^ansible-playbook -i ansible\/hosts/ }],
    [
      { provider: 'heroku', heroku_name: 'acme', heroku_production_name: 'acme-shop' },
      {
        kind: 'request',
        url: 'https://api.heroku.com/apps/acme-shop/builds',
        headers: { Authorization: 'Bearer a key of Heroku' },
        poll: { success: 'status=succeeded' },
      },
    ],
    [{ provider: 'heroku', heroku_name: 'acme' }, { url: 'https://api.heroku.com/apps/acme/builds' }],
    [{ provider: 'heroku' }, { kind: 'run', command: /exit 1/ }],
    [
      { provider: 'elastic_beanstalk' },
      { kind: 'run', command: /elastic_beanstalk has no counterpart.*exit 1/ },
    ],
    [{}, { kind: 'run', command: /names no provider.*exit 1/ }],
  ]
  for (const [app, executor] of rows) {
    const [production, ...others] = rulesOf(shopWith(app)).environments
    t.match(production, { name: 'production', on: 'manual', executor }, JSON.stringify(app))
    t.strictSame(others, [])
  }
})

t.test('environments, checks and addresses are taken over', async (t) => {
  const rules = rulesOf(
    shopWith({
      provider: 'shell',
      deploy_script: 'deploy',
      environments: ['staging', 'production', 'on', 'a b'],
      required_contexts: ['ci/build', 'it: "has" #all'],
      production_url: `https://shop.example/?a=${braces}`,
      staging_url: 'javascript:alert(1)',
    }),
  )
  t.strictSame(
    rules.environments.map(({ name, url }) => [name, url]),
    [
      ['staging', undefined],
      ['production', `https://shop.example/?a=${braces}`],
      ['on', undefined],
      ['a b', undefined],
    ],
  )
  t.strictSame(rules.gate.required, ['ci/build', 'it: "has" #all'])
})

t.test('what has no counterpart is said in comments, and no secret is written', async (t) => {
  const text = convert({
    shop: {
      ...{ provider: 'shell', deploy_script: 'deploy', repository: 'acme/shop' },
      ...{
        github_token: 'ghp_very_secret',
        github_api: 'https://github.example/api/v3',
        allowed_rooms: ['ops'],
      },
      ...{ db_password: 'hunter2', 'odd\nrepositories:': 'value of it' },
    },
    api: { provider: 'shell', deploy_script: 'deploy', repository: 'acme/api', auto_merge: false },
  })
  t.notMatch(text, /ghp_very_secret|hunter2|value of it|github\.example/)
  t.match(text, /# github_token \(shop\) is not written here: the setting \$\{GITHUB_TOKEN\}/)
  t.match(text, /# allowed_rooms \(shop\) stays in apps\.json/)
  t.match(text, /# auto_merge: GitHub merged the default branch before it deployed shop\./)
  t.match(text, /# github_api \(shop\) becomes the setting GITHUB_API_URL/)
  t.match(text, /# Not taken over: db_password, odd repositories:\./)
  t.doesNotThrow(() => parseConfig(text, 'livraison.yml', {}))
})

t.test('apps of one repository are put together, or refused in words', async (t) => {
  const app = (more: object) => ({
    repository: 'acme/shop',
    provider: 'shell',
    deploy_script: 'deploy',
    ...more,
  })
  const rules = rulesOf({
    web: app({ environments: ['web'] }),
    jobs: app({ environments: ['jobs'], repository: 'Acme/Shop' }),
  })
  t.strictSame(
    rules.environments.map(({ name }) => name),
    ['web', 'jobs'],
  )
  t.throws(() => convert({ web: app({}), jobs: app({}) }), {
    message:
      'web and jobs both deploy acme/shop to production: give one of them an environment of another name',
  })
  t.throws(
    () =>
      convert({
        web: app({ environments: ['web'] }),
        jobs: app({ environments: ['jobs'], required_contexts: ['ci'] }),
      }),
    {
      message:
        'web and jobs both deploy acme/shop, with other required_contexts: here they are one list of the repository',
    },
  )
})

async function run(t: Test, apps: unknown, ...options: string[]) {
  const { cwd, run } = commandLine(t)
  writeFileSync(join(cwd, 'apps.json'), typeof apps === 'string' ? apps : JSON.stringify(apps))
  return { cwd, run, ended: await run(['import', 'apps.json', ...options]) }
}

t.test('livraison import writes what livraison check takes', async (t) => {
  const apps = {
    hubot: {
      ...{ auto_merge: false, repository: 'MyOrg/my-org-hubot', environments: ['production'] },
      ...{
        required_contexts: ['ci/janky', 'ci/travis-ci'],
        provider: 'heroku',
        heroku_name: 'my-orgs-hubot',
      },
    },
    github: { repository: 'github/github', environments: ['production', 'staging'], provider: 'capistrano' },
  }
  const { cwd, run: livraison, ended } = await run(t, apps, '--output', 'livraison.yml')
  t.match(ended, { status: 0, stderr: /livraison\.yml is written/ })
  t.match(await livraison(['check', 'livraison.yml'], key), {
    status: 0,
    stdout: /livraison\.yml can be used\./,
  })
  const again = await livraison(['import', 'apps.json', '-o', 'livraison.yml'])
  t.match(again, { status: 1, stderr: /it is there already/ })
  const shown = await livraison(['import', 'apps.json'])
  t.equal(shown.stdout, readFileSync(join(cwd, 'livraison.yml'), 'utf8'))
})

t.test('a file that cannot be taken over is refused, all of it at once', async (t) => {
  t.match((await run(t, '{')).ended, {
    status: 1,
    stderr: /apps\.json cannot be taken over:\n {2}it is no JSON/,
  })
  t.match((await run(t, {})).ended, { status: 1, stderr: /it has no app/ })
  t.match((await run(t, { a: { repository: 'x' }, b: { repository: 'a/b', environments: [] } })).ended, {
    status: 1,
    stderr: /a\.repository: must be "owner\/name"\n {2}b\.environments: must name an environment/,
  })
  t.match(await commandLine(t).run(['import', 'none.json']), {
    status: 2,
    stderr: /none\.json cannot be read/,
  })
})
