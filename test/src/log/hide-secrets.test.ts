import t from 'tap'
import { openHiding } from '../../../src/log/hide-secrets.ts'
import { secretsIn } from '../../../src/settings/secrets.ts'

t.test('what is secret in the environment is known by its name, and in addresses', async (t) => {
  const secrets = secretsIn({
    GITHUB_WEBHOOK_SECRET: 'one-secret, another-secret',
    GITHUB_TOKEN: ' a-token ',
    GITHUB_APP_PRIVATE_KEY: 'key\nof lines',
    GITHUB_APP_PRIVATE_KEY_FILE: '/etc/livraison/key.pem',
    GITHUB_OAUTH_CLIENT_SECRET: 'of-the-app',
    GITHUB_OAUTH_CLIENT_ID: 'the-client',
    SLACK_SIGNING_SECRET: 'of-slack',
    REDIS_URL: 'redis://user:p%40ssword@one:6379,redis://:another-password@two:6379',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer abc, x-key=the-key',
    PUBLIC_URL: 'https://livraison.example',
    ADMIN_TOKEN: 'short',
    NOTHING_SECRET: undefined,
  })
  t.same(
    new Set(secrets),
    new Set([
      ...[
        'one-secret, another-secret',
        'one-secret',
        'another-secret',
        'a-token',
        'key\nof lines',
        'of-the-app',
        'of-slack',
      ],
      ...['p%40ssword', 'p@ssword', 'another-password', 'Bearer abc', 'the-key'],
    ]),
  )
})

t.test('secrets that are known, and what says of itself that it is one', async (t) => {
  let more: readonly string[] = []
  const hiding = openHiding(['a-known-secret'])
  hiding.also(() => more)
  t.equal(hiding.text('it said a-known-secret twice: a-known-secret'), 'it said *** twice: ***')
  t.equal(hiding.text('of the file'), 'of the file')
  more = ['of the file']
  t.equal(hiding.text('of the file'), '***', 'a secret that came later')
  for (const [text, hidden] of [
    ['redis://user:pass@host:6379/0', 'redis://***@host:6379/0'],
    ['smtp://:pass@host', 'smtp://***@host'],
    ['{"authorization":"Bearer abcdefgh12345"}', '{"authorization":"Bearer ***"}'],
    [`token ghp_${'a1'.repeat(18)}.`, 'token ***.'],
    [`github_pat_${'a1'.repeat(20)}`, '***'],
    ['xoxb-1234567890-abcdef', '***'],
    ['https://example.com/a@b?c=d:e', 'https://example.com/a@b?c=d:e'],
  ] as const) {
    t.equal(hiding.text(text), hidden)
  }
})
