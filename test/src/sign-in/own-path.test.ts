import t from 'tap'
import { failureWords } from '../../../src/sign-in/failures.ts'
import { ownPath } from '../../../src/sign-in/own-path.ts'
import { signInWays } from '../../../src/sign-in/ways.ts'
import { testRules } from '../../fixtures/rules.ts'

t.test('only paths of our own are gone on to', async (t) => {
  const good = [
    '/',
    '/locks',
    '/why/acme/shop/production?x=1&y=%2F%2Fa',
    '/a/../b',
    '/%2F/evil.test',
    '/a?to=//b',
  ]
  for (const path of good) t.match(ownPath(path), /^\/[^/\\]*/, path)
  t.equal(ownPath('/why?a=b'), '/why?a=b')
  t.equal(ownPath('/a#b'), '/a')
  const bad = [
    ...[
      '',
      'a',
      '//evil.test',
      '///evil.test',
      '/\\evil.test',
      '\\\\evil.test',
      '/\t/evil.test',
      '/\n/evil.test',
    ],
    ...[
      'https://evil.test',
      'javascript:alert(1)',
      'data:text/html,x',
      '/./\\evil.test',
      '/..//evil.test',
      '/x/..//evil.test',
    ],
    ...[undefined, null, 7, ['/a'], { to: '/a' }],
  ]
  for (const to of bad) t.equal(ownPath(to), '/', String(to))
})

t.test('what the page to sign in on says', async (t) => {
  t.match(failureWords('limited'), /quarter of an hour/)
  t.equal(failureWords('<script>'), undefined)
  t.equal(failureWords('toString'), undefined)
  const some = testRules('repositories: {}\naccess: { people: [mona] }')
  t.strictSame(signInWays('x', true, some), { password: true, github: true, missing: [] })
  t.match(signInWays(undefined, false, some), {
    password: false,
    github: false,
    missing: [/^ADMIN_TOKEN is not set/, /GITHUB_OAUTH_CLIENT_ID/],
  })
  t.match(signInWays('x', true, testRules()), { github: false, missing: [/`access` in livraison\.yml/] })
})
