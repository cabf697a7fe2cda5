import t from 'tap'
import { deployedRepositories, findRepository } from '../../../src/chat/find-repository.ts'
import { testRules } from '../../fixtures/rules.ts'

const known = ['acme/shop', 'acme/api', 'other/api', 'acme/topic', 'shop/mobile']

const table: [named: string | undefined, meant: object][] = [
  ['shop', { repository: 'acme/shop' }],
  ['SHOP', { repository: 'acme/shop' }],
  ['acme/shop', { repository: 'acme/shop' }],
  ['Acme/Shop', { repository: 'acme/shop' }],
  ['shop/topic', { repository: 'acme/shop', ref: 'topic' }],
  ['shop/feature/new-cart', { repository: 'acme/shop', ref: 'feature/new-cart' }],
  ['acme/shop/feature/new-cart', { repository: 'acme/shop', ref: 'feature/new-cart' }],
  ['acme/shop#feature/new-cart', { repository: 'acme/shop', ref: 'feature/new-cart' }],
  ['shop#mobile', { repository: 'acme/shop', ref: 'mobile' }],
  ['shop#topic#2', { repository: 'acme/shop', ref: 'topic#2' }],
  [
    'shop/mobile',
    {
      unclear:
        /^shop\/mobile may be that repository, or mobile of acme\/shop: write shop\/mobile\/BRANCH for the one, acme\/shop\/mobile for the other\.$/,
    },
  ],
  ['shop/mobile/main', { repository: 'shop/mobile', ref: 'main' }],
  ['shop/fix/#123', { repository: 'acme/shop', ref: 'fix/#123' }],
  ['acme/api', { repository: 'acme/api' }],
  ['api', { unclear: /^Several repositories are called api: name one whole, as in acme\/api\.$/ }],
  ['api/topic', { unclear: /^Several repositories/ }],
  ['acme/new', { repository: 'acme/new' }],
  ['acme/new/topic', { repository: 'acme/new', ref: 'topic' }],
  ['acme/shpo', { unclear: /^No repository is called acme\/shpo\. Did you mean acme\/shop\?$/ }],
  ['sho', { unclear: /Did you mean shop\?$/ }],
  ['nothing-like-it', { unclear: /^No repository is called nothing-like-it\. Name it as in acme\/shop\.$/ }],
  ['<!channel>', { unclear: /^No repository is called/ }],
  ['a b/../c', { unclear: /^No repository is called/ }],
  ['#topic', { unclear: /^No repository/ }],
  [undefined, { unclear: /^Name a repository/ }],
  ['', { unclear: /^Name a repository/ }],
]

t.test('what is meant by a name', async (t) => {
  for (const [named, meant] of table) t.match(findRepository(named, known), meant, String(named))
  t.same(findRepository(undefined, ['acme/shop']), { repository: 'acme/shop' }, 'there is only one')
})

t.test('deployed is what deliveries came from and what the file names, and no other', async (t) => {
  const rules = testRules('repositories: { Acme/shop: {}, acme/new: {}, "team/*": {} }')
  const repositories = {
    all: async () =>
      ['acme/shop', 'team/one', 'stranger/thing'].map((name, id) => {
        const [owner = '', repo = ''] = name.split('/')
        return { id, owner, name: repo, since: 0 }
      }),
  }
  t.same(await deployedRepositories(rules, repositories), ['acme/new', 'acme/shop', 'team/one'])
})
