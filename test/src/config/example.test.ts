import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import t from 'tap'
import { parse } from 'yaml'
import { explainConfig } from '../../../src/config/explain.ts'
import { configJsonSchema } from '../../../src/config/json-schema.ts'
import { readConfig } from '../../../src/config/read-config.ts'
import { exampleEnvironment } from '../../fixtures/example-environment.ts'

t.test('the schema for editors is that of the grammar, and takes the example', async (t) => {
  const schema = JSON.parse(readFileSync('livraison.schema.json', 'utf8'))
  t.strictSame(schema, JSON.parse(JSON.stringify(configJsonSchema())), 'else: npm run schema')
  const isValid = new Ajv().compile(schema)
  t.ok(isValid(parse(readFileSync('livraison.example.yml', 'utf8'))), { errors: isValid.errors })
  t.notOk(isValid({ repositories: { 'acme/shop': { brunch: 'main' } } }))
})

t.test('the example says what it means', async (t) => {
  const config = readConfig('livraison.example.yml', exampleEnvironment)
  t.match(config.of('acme/shop')?.environments, [
    { name: 'staging', on: 'merge', executor: { kind: 'run', env: { DEPLOY_KEY: 'hunter2' } } },
    { name: 'production', on: 'manual', lane: 'queue', executor: { kind: 'request' } },
  ])
  t.strictSame(config.of('acme/secrets')?.environments, [])
  const words = explainConfig(config).join('\n')
  t.match(
    words,
    '  A pull request merged into main of acme/shop is deployed to staging by running ./script/deploy staging with TARGET and DEPLOY_KEY in its environment (10 min at most, 2 min without a word). Nothing begins from Sun 2026-12-20 00:00 Europe/Paris to Mon 2027-01-04 00:00 Europe/Paris: Christmas. Of those that must wait for another, the newest replaces the others. If its worker is lost, it ends as an error. The head of an open pull request, but none from a fork, is deployed there when somebody comments /deploy. It can be seen at https://staging.shop.example.\n',
  )
  t.match(
    words,
    '  Each pull request that is not from a fork is checked as livraison/test by running npm ci && npm test with CI in its environment (10 min at most).\n',
  )
  t.match(
    words,
    '  A pull request with the label automerge, or on which somebody comments /merge, is merged, by squash, once all checks of its head are green, livraison/test among them, and the reviews and whatever else its branch asks for are there; that is waited for, 30 days at most.',
  )
  t.match(
    words,
    ' It is held back for 10 min first. Those that must wait for another are done one after the other. If its worker is lost, it ends as an error. It has succeeded once https://shop.example/healthz answers with 200 within 1 min, and goes on doing so for 2 min (asked every 5 s). After a failure, the commit that succeeded last is deployed again.\n',
  )
  t.match(
    words,
    ' It begins only mon-fri 09:00 to 16:00 (Europe/Paris). It waits for an approval from octocat or @acme/deployers, never of who asked for it; one counts for 24 h, and after 7 days it ends. ',
  )
  t.match(words, 'A push to the default branch of such a repository is deployed to preview by the module ')
  t.match(
    words,
    `
access
  These may sign in with GitHub and see everything: every member of acme, octocat, @contractors/shop, @acme/deployers and @acme/leads.
  In every repository, octocat may act as admin.
  In every repository, @acme/leads may act as approver.
  In every repository, @acme/deployers may act as deployer.
  Of those, whoever may administer a repository at GitHub is its admin here, too, whoever may maintain it is approver, and whoever may write to it is deployer.`,
  )
  t.notOk(words.includes('hunter2'))
})
