import { RequestError } from '@octokit/request-error'
import { Redis } from 'ioredis'
import t from 'tap'
import { errorFields } from '../../../src/errors/error-fields.ts'
import { openHiding } from '../../../src/log/hide-secrets.ts'
import { createLogger } from '../../../src/log/log.ts'
import { ownRedis } from '../../fixtures/redis.ts'

const secret = 'a-secret-that-nobody-sees'

t.test('errors say what went wrong, and nothing of what was sent', async (t) => {
  const { url } = await ownRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  await redis.set('text', 'x')
  const ofRedis: unknown = await redis.lpush('text', secret).catch((error: unknown) => error)
  t.match(JSON.stringify(ofRedis), secret, 'ioredis keeps what it was to send')
  const ofGitHub = new RequestError('Bad credentials', 401, {
    request: {
      method: 'GET',
      url: 'https://api.github.com/user',
      headers: { authorization: `token ${secret}` },
      body: { secret },
    },
  })
  const thrown = new Error('it failed', { cause: new AggregateError([ofRedis, ofGitHub], 'both') })
  const said = JSON.stringify(errorFields(thrown))
  t.notMatch(said, secret)
  t.match(said, /WRONGTYPE/)
  t.match(said, /Bad credentials/)
  t.match(said, /"status":401/)
})

t.test('what an error was caused by is followed only so far', async (t) => {
  const error = new Error('round')
  error.cause = error
  t.match(errorFields(error).cause, { message: 'round' })
  t.same(errorFields('only a text'), { type: 'string', message: 'only a text' })
})

t.test('a line of the log holds no secret, wherever in it that would be', async (t) => {
  const lines: string[] = []
  const to = { write: (line: string) => void lines.push(line) }
  const log = createLogger('trace', 'test', {
    hide: openHiding([secret]).text,
    fields: () => ({ of: 'a trace' }),
    to,
  })
  log.info(
    { headers: { authorization: 'token x' }, url: `https://a.example/?key=${secret}` },
    `it said ${secret}`,
  )
  log.child({ job: secret }).error({ err: new Error(secret) }, 'failed')
  log.debug({ nested: { deeply: [{ in: `redis://:p4ss@host:1` }] }, quoted: JSON.stringify({ secret }) })
  t.equal(lines.length, 3)
  for (const line of lines) t.match(JSON.parse(line), { name: 'test', of: 'a trace' }, 'it is still JSON')
  t.notMatch(lines.join(''), /a-secret|token x|p4ss/)
})
