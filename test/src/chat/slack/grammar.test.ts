// What people write in Slack, and what it means.
import t from 'tap'
import { readWish, type Spoken } from '../../../../src/chat/slack/grammar.ts'
import { toCommand } from '../../../../src/chat/slack/to-command.ts'
import { testRules } from '../../../fixtures/rules.ts'

const wish = (what: object): Spoken => ({ wish: what }) as Spoken
const deploy = (what: object) => wish({ name: 'deploy', force: false, ...what })
const h = 3_600_000

const table: [said: string, means: Spoken][] = [
  ['/deploy shop', deploy({ app: 'shop' })],
  ['/deploy', deploy({})],
  ['/deploy to staging', deploy({ environment: 'staging' })],
  ['/deploy shop/topic to staging', deploy({ app: 'shop/topic', environment: 'staging' })],
  ['/deploy   shop\tstaging ', deploy({ app: 'shop', environment: 'staging' })],
  ['/deploy acme/shop#topic on review/42', deploy({ app: 'acme/shop#topic', environment: 'review/42' })],
  [
    '/deploy shop to production because the fair begins',
    deploy({ app: 'shop', environment: 'production', reason: 'the fair begins' }),
  ],
  [
    '/deploy shop to production --force because it burns',
    deploy({ app: 'shop', environment: 'production', force: true, reason: 'it burns' }),
  ],
  ['/deploy shop —force it burns', deploy({ app: 'shop', force: true, reason: 'it burns' })],
  ['/deploy shop force because a &lt; b &amp; c', deploy({ app: 'shop', force: true, reason: 'a < b & c' })],
  ['/deploy shop --force', { wrong: 'To force a deployment needs a reason: --force because ...' }],
  [
    '/deploy shop to staging now please',
    { wrong: 'I do not understand "now please". A reason begins with "because".' },
  ],
  ['/deploy help', { help: undefined }],
  ['/deploy help lock', { help: 'lock' }],
  ['/deploy ?', { help: undefined }],
  ['/livraison', { help: undefined }],
  ['/livraison help why', { help: 'why' }],
  ['/lock help', { help: undefined }],
  ['/deploy status', wish({ name: 'status' })],
  ['/deploy status shop', wish({ name: 'status', app: 'shop' })],
  ['/deploy STATUS shop in production', wish({ name: 'status', app: 'shop', environment: 'production' })],
  ['/deploy why shop production', wish({ name: 'why', app: 'shop', environment: 'production' })],
  ['/deploy list shop', wish({ name: 'deployments', app: 'shop' })],
  ['/livraison deployments', wish({ name: 'deployments' })],
  ['/deploy where shop', wish({ name: 'environments', app: 'shop' })],
  ['/livraison deploy shop to staging', deploy({ app: 'shop', environment: 'staging' })],
  ['/ship deploy shop', deploy({ app: 'shop' })],
  ['/livraison shop', { wrong: 'shop is not something to be done: /livraison help says what is.' }],
  [
    '/livraison __proto__ shop',
    { wrong: '__proto__ is not something to be done: /livraison help says what is.' },
  ],
  [
    '/lock shop production moving the database for 2h',
    wish({
      name: 'lock',
      app: 'shop',
      environment: 'production',
      reason: 'moving the database',
      expiresInMs: 2 * h,
    }),
  ],
  [
    '/lock shop in production because we wait for the fair',
    wish({ name: 'lock', app: 'shop', environment: 'production', reason: 'we wait for the fair' }),
  ],
  ['/lock shop * moving house', wish({ name: 'lock', app: 'shop', reason: 'moving house' })],
  ['/lock shop because moving house', wish({ name: 'lock', app: 'shop', reason: 'moving house' })],
  [
    '/lock shop production',
    { wrong: 'Name what to lock, and why: /lock shop production moving the database for 2h' },
  ],
  ['/unlock shop production', wish({ name: 'unlock', app: 'shop', environment: 'production' })],
  ['/unlock shop *', wish({ name: 'unlock', app: 'shop' })],
  ['/unlock shop production now', { wrong: 'I do not understand "now". A reason begins with "because".' }],
  ['/rollback shop production', wish({ name: 'rollback', app: 'shop', environment: 'production' })],
  ['/rollback shop 123', wish({ name: 'rollback', app: 'shop', deployment: 123 })],
  [
    '/deploy rollback shop production because of the cart',
    wish({ name: 'rollback', app: 'shop', environment: 'production', reason: 'of the cart' }),
  ],
  ['/deploy approve #123', wish({ name: 'approve', deployment: 123 })],
  [
    '/deploy reject 123 not before the fair',
    wish({ name: 'reject', deployment: 123, reason: 'not before the fair' }),
  ],
  ['/deploy cancel shop', wish({ name: 'cancel', app: 'shop' })],
  ['/deploy retry shop in staging', wish({ name: 'retry', app: 'shop', environment: 'staging' })],
  [
    '/deploy override shop production because it burns',
    wish({ name: 'override', app: 'shop', environment: 'production', reason: 'it burns' }),
  ],
  ['/deploy promote 123', wish({ name: 'promote', deployment: 123 })],
  [
    '/deploy promote shop staging to production',
    wish({ name: 'promote', app: 'shop', environment: 'staging', to: 'production' }),
  ],
  ['/deploy acme/status', deploy({ app: 'acme/status' })],
]

t.test('what is written, and what it means', async (t) => {
  for (const [said, means] of table) {
    const [command = '', ...words] = said.split(' ')
    t.same(readWish(command, words.join(' ')), means, said)
  }
})

t.test('a wish becomes a command once the repository is known', async (t) => {
  const one = testRules(
    'repositories: { acme/shop: { environments: { staging: { simulate: 1s } } } }',
  ).current
  const two = testRules(
    'repositories: { acme/shop: { environments: { staging: { simulate: 1s }, production: { simulate: 1s } } } }',
  ).current
  const shop = { repository: 'acme/shop' }
  t.same(toCommand({ name: 'deploy', app: 'shop', force: false }, { ...shop, ref: 'topic' }, one, 'key'), {
    ...{ name: 'deploy', ...shop, environment: 'staging', ref: 'topic', key: 'key' },
  })
  t.same(toCommand({ name: 'why' }, shop, one, 'key'), { name: 'why', ...shop, environment: 'staging' })
  t.same(toCommand({ name: 'status', app: 'shop' }, shop, two, 'key'), { name: 'status', ...shop })
  t.throws(() => toCommand({ name: 'deploy', force: false }, shop, two, 'key'), {
    message: 'Name an environment: acme/shop has staging, production.',
  })
  t.throws(() => toCommand({ name: 'status' }, { ...shop, ref: 'topic' }, one, 'key'), {
    message: 'status takes a repository without a branch: acme/shop.',
  })
  t.throws(() => toCommand({ name: 'status' }, { unclear: 'Which?' }, one, 'key'), { message: 'Which?' })
})
