import t from 'tap'
import { type Grammar, hubotModule } from '../../fixtures/hubot-modules.ts'

type Read = Record<string, unknown>
type Case = [text: string, read: Read]

const { createGrammar, pluralOf } = await hubotModule<{
  createGrammar(prefix?: string): Grammar
  pluralOf(word: string): string
}>('grammar.js')

const unclear = { unclear: /./ }
const deploy = (app: string, more: Read = {}): Read => ({
  ...{ name: 'deploy', task: 'deploy', app, force: false },
  ...more,
})
const production = { environment: 'production' }
const yubikey = 'ccccccdlnncbtuevhdbctrccukdciveuclhbkvehbeve'

// The cases of hubot-deploy's own tests: https://github.com/atmos/hubot-deploy/blob/master/test/models/pattern_test.coffee
const ofHubotDeploy: Case[] = [
  ['ping', unclear],
  ['image me pugs', unclear],
  ['deploy hubot', deploy('hubot')],
  ['deploy! hubot', deploy('hubot', { force: true })],
  ['deploy:migrate hubot', deploy('hubot', { task: 'deploy:migrate' })],
  ['deploy hubot/mybranch to production', deploy('hubot', { ref: 'mybranch', ...production })],
  ['deploy hubot to production', deploy('hubot', production)],
  ['deploy hubot to production/fe', deploy('hubot', { ...production, hosts: 'fe' })],
  [
    'deploy hubot/atmos/branch to production/fe',
    deploy('hubot', { ref: 'atmos/branch', ...production, hosts: 'fe' }),
  ],
  // On purpose: the password is taken, so that habits do no harm, and goes nowhere; hubot-deploy gives it to GitHub.
  [
    `deploy hubot/atmos/branch to production/fe ${yubikey}`,
    deploy('hubot', { ref: 'atmos/branch', ...production, hosts: 'fe', oneTimePassword: true }),
  ],
  [
    'deploy hubot/atmos/branch to production/fe 123456',
    deploy('hubot', { ref: 'atmos/branch', ...production, hosts: 'fe', oneTimePassword: true }),
  ],
  // On purpose: where hubot-deploy is silent, how it is asked for is said.
  ['deploy hubot/atmos/branch to production/fe burgers', unclear],
  ['deploy hubot/branch tos taging', unclear],
  ['deploys hubot', { name: 'deployments', app: 'hubot' }],
  ['deploys hubot in production', { name: 'deployments', app: 'hubot', ...production }],
  [
    'deploys hubot/mybranch to production',
    { name: 'deployments', app: 'hubot', ref: 'mybranch', ...production },
  ],
]

// What its patterns and its script do besides.
const besides: Case[] = [
  ['DEPLOY Hubot TO Production', deploy('Hubot', { environment: 'Production' })],
  ['deploy hubot in stg', deploy('hubot', { environment: 'staging' })],
  ['deploy hubot on PROD', deploy('hubot', production)],
  ['deploy  hubot   to   production  ', deploy('hubot', production)],
  ['deploy my_app-2.0/v1.2', deploy('my_app-2.0', { ref: 'v1.2' })],
  ['deploy hubot to production/fe1,fe2', deploy('hubot', { ...production, hosts: 'fe1,fe2' })],
  ['deploy hubot 123456', deploy('hubot', { oneTimePassword: true })],
  ['deploy hubot 12345', unclear],
  [
    'deploy:db:migrate hubot in staging',
    deploy('hubot', { task: 'deploy:db:migrate', environment: 'staging' }),
  ],
  ['deploy', unclear],
  ['deploy: hubot', unclear],
  ['deploy <script>', unclear],
  // On purpose: in hubot-deploy this is the task "deploy:migrate!", and nothing is forced.
  ['deploy:migrate! hubot', deploy('hubot', { task: 'deploy:migrate', force: true })],
  // On purpose: hubot-deploy would go on as if no environment had been named.
  ['deploys hubot tos taging', unclear],
  ['deploys hubot in production please', unclear],
  ['where can i deploy hubot', { name: 'environments', app: 'hubot' }],
  ['Where can I deploy hubot?', { name: 'environments', app: 'hubot' }],
  ['where can i deploy', unclear],
]

const ours: Case[] = [
  // In hubot-deploy a deployment of the task deploy:lock, without a reason.
  ['deploy:lock hubot in production', { name: 'lock', app: 'hubot', ...production }],
  ['deploy:lock hubot', { name: 'lock', app: 'hubot' }],
  [
    'deploy:lock hubot in prod the database moves',
    { name: 'lock', app: 'hubot', ...production, reason: 'the database moves' },
  ],
  ['deploy:lock hubot because it is late', { name: 'lock', app: 'hubot', reason: 'it is late' }],
  ['deploy:unlock hubot in staging', { name: 'unlock', app: 'hubot', environment: 'staging' }],
  ['deploy:lock hubot tos taging', unclear],
  ['deploy:lock hubot in production/fe', unclear],
  ['deploy:lock! hubot in production', unclear],
  ['deploy:lock', unclear],
  ['deploy:lockdown hubot', deploy('hubot', { task: 'deploy:lockdown' })],
  [
    'deploy! hubot to production because it burns',
    deploy('hubot', { force: true, ...production, reason: 'it burns' }),
  ],
  ['deploy:rollback hubot in production', { name: 'rollback', app: 'hubot', ...production }],
  ['deploy:rollback 42 it leaks', { name: 'rollback', deployment: 42, reason: 'it leaks' }],
  ['deploy:approve 42', { name: 'approve', deployment: 42 }],
  ['deploy:approve #42', { name: 'approve', deployment: 42 }],
  ['deploy:reject 42 because no', { name: 'reject', deployment: 42, reason: 'no' }],
  ['deploy:cancel hubot in stg', { name: 'cancel', app: 'hubot', environment: 'staging' }],
  ['deploy:cancel 42 in production', { name: 'cancel', app: '42', ...production }],
  ['deploy:status hubot', { name: 'status', app: 'hubot' }],
  ['deploy:STATUS acme/shop in production', { name: 'status', app: 'acme', ref: 'shop', ...production }],
  ['deploy:why hubot in production', { name: 'why', app: 'hubot', ...production }],
]

t.test('what people type is read', async (t) => {
  const { read } = createGrammar()
  for (const [text, expected] of [...ofHubotDeploy, ...besides, ...ours]) {
    if (expected === unclear) t.match(read(text), expected, text)
    else t.strictSame(read(text), expected, text)
  }
})

t.test('another prefix is that of all commands', async (t) => {
  const { read, version, create } = createGrammar('ship')
  t.strictSame(read('ship hubot'), deploy('hubot'))
  t.strictSame(read('ship:migrate! hubot'), deploy('hubot', { task: 'deploy:migrate', force: true }))
  // Heaven expects the prefix here, and hubot-deploy sends "deploy": with one set, nobody could lock.
  t.strictSame(read('ship:lock hubot in prod'), { name: 'lock', app: 'hubot', ...production })
  t.strictSame(read('ships hubot'), { name: 'deployments', app: 'hubot' })
  t.strictSame(read('where can i ship hubot'), { name: 'environments', app: 'hubot' })
  t.match(read('deploy hubot'), unclear)
  t.match('ship:version', version)
  t.notMatch('shipment hubot', create)
  t.strictSame(createGrammar('go(').read('go( hubot'), deploy('hubot'), 'it is no pattern')
  t.strictSame(['deploy', 'push', 'go-fish', 'ferry', 'relay', 'release'].map(pluralOf), [
    'deploys',
    'pushes',
    'go-fishes',
    'ferries',
    'relays',
    'releases',
  ])
})

t.test('each command is of exactly one listener', async (t) => {
  const { create, recent, where, version } = createGrammar()
  const all = { create, recent, where, version }
  const listenersOf = (text: string) =>
    Object.entries(all).flatMap(([name, pattern]) =>
      new RegExp(`^(?:${pattern.source})`, 'i').test(text) ? [name] : [],
    )
  t.strictSame(listenersOf('deploy hubot'), ['create'])
  t.strictSame(listenersOf('deploy'), ['create'])
  t.strictSame(listenersOf('deploy!'), ['create'])
  t.strictSame(listenersOf('deploy:lock hubot'), ['create'])
  t.strictSame(listenersOf('deploys'), ['recent'])
  t.strictSame(listenersOf('where can i deploy'), ['where'])
  t.strictSame(listenersOf('deploy:version'), ['version'])
  t.strictSame(listenersOf('deploy:version hubot'), ['create'])
  t.strictSame(listenersOf('deploy-token:set:github x'), [])
  t.strictSame(listenersOf('deployment hubot'), [])
})
