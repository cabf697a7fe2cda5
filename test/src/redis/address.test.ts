import t from 'tap'
import { BadAddress, readRedisAddress } from '../../../src/redis/address.ts'

const none = {}

t.test('all forms are read', async (t) => {
  const rows: [text: string, read: object][] = [
    [
      'redis://127.0.0.1:6379',
      { kind: 'server', node: { host: '127.0.0.1', port: 6379 }, db: 0, isTls: false, credentials: none },
    ],
    ['redis://redis', { node: { host: 'redis', port: 6379 } }],
    ['redis://[::1]:7000/3?family=6', { node: { host: '::1', port: 7000 }, db: 3, family: 6 }],
    ['redis://:word@redis/2', { credentials: { password: 'word' }, db: 2 }],
    [
      'rediss://me:p%40ss%2Cw%2F@redis',
      { isTls: true, credentials: { username: 'me', password: 'p@ss,w/' } },
    ],
    [
      'redis://me:word@one:7000,two:7001,redis://three',
      {
        kind: 'cluster',
        nodes: [
          { host: 'one', port: 7000 },
          { host: 'two', port: 7001 },
          { host: 'three', port: 6379 },
        ],
        credentials: { username: 'me', password: 'word' },
      },
    ],
    ['redis://one:7000, redis://me:word@two:7000/0,', { kind: 'cluster', credentials: { username: 'me' } }],
    ['redis+cluster://one:7000', { kind: 'cluster', nodes: [{ host: 'one', port: 7000 }] }],
    ['rediss+cluster://one', { kind: 'cluster', isTls: true }],
    [
      'redis+sentinel://me:word@one,two:26380/mymaster/4?sentinelUsername=s&sentinelPassword=p%26q',
      {
        kind: 'sentinel',
        sentinels: [
          { host: 'one', port: 26379 },
          { host: 'two', port: 26380 },
        ],
        name: 'mymaster',
        db: 4,
        credentials: { username: 'me', password: 'word' },
        sentinelCredentials: { username: 's', password: 'p&q' },
      },
    ],
    ['rediss+sentinel://one/my%2Fmaster', { kind: 'sentinel', isTls: true, name: 'my/master', db: 0 }],
  ]
  for (const [text, read] of rows) t.match(readRedisAddress(text), read, text)
})

t.test('what is wrong is said in words, without a password', async (t) => {
  const rows: [text: string, words: RegExp][] = [
    ['http://redis', /must be an address that begins with redis:\/\//],
    ['redis.internal:6379', /must be an address/],
    ['redis+proxy://one', /must be an address/],
    ['redis://', /names no host/],
    ['redis://secret:secret@one:99999', /no host:port\. In passwords, write , as %2C/],
    ['redis://:se,cret@one', /no host:port|different/],
    ['redis://:se#cret@one', /no host:port|#/],
    ['redis://one/x', /names the database "x", which is no number/],
    ['redis://one,two/2', /names a database, and a Redis Cluster has only database 0/],
    ['redis://one/1,two', /has a path between its hosts/],
    ['redis://one,rediss://two', /mixes redis:\/\/ and rediss:\/\//],
    ['redis://a:secret@one,b:secret@two', /names different users or passwords/],
    ['redis+sentinel://one,two', /does not say what the Sentinels call the master/],
    ['redis+sentinel://one/mymaster/x', /names the database "x"/],
    ['redis://one?db=3', /says "\?db": only family can be said here/],
    ['redis://one?family=5', /says a family that is not 4 or 6/],
    ['redis://:%zz@one', /% that no two digits follow|no host:port/],
  ]
  for (const [text, words] of rows) {
    try {
      readRedisAddress(text)
      t.fail(`${text} was taken`)
    } catch (error) {
      t.ok(error instanceof BadAddress, text)
      t.match(String(error), words, text)
      t.notMatch(String(error), /secret|cret@/, 'nothing secret is said')
    }
  }
})
