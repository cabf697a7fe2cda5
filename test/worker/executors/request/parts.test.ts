// What the request executor decides without asking anyone.
import fc from 'fast-check'
import t from 'tap'
import { isTrueOf, readCondition, textAt } from '../../../../worker/executors/request/answer-field.ts'
import { readRetryAfter } from '../../../../worker/executors/request/call.ts'
import { findProblems, type RequestRules } from '../../../../worker/executors/request/check-rules.ts'
import { fillAddress, fillJson, fillText } from '../../../../worker/executors/request/template.ts'
import { isPublic } from '../../../../worker/outgoing/addresses.ts'
import { lookupPublic } from '../../../../worker/outgoing/connect.ts'

t.test('which addresses are public', async (t) => {
  const notPublic = [
    ...['0.0.0.0', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254'],
    ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8', '192.168.1.1', '198.18.0.1'],
    ...['198.19.255.255', '203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::ffff:10.0.0.1',
      '::ffff:8.8.8.8',
      '::8.8.8.8',
      '64:ff9b::808:808',
      '100::1',
      '2001::1',
    ],
    ...['2001:db8::1', '2002:a00:1::', 'fc00::1', 'fdff::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1'],
    ...['4000::1', 'not an address', ''],
  ]
  for (const address of notPublic) t.notOk(isPublic(address), address)
  const open = [
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.0.1.1',
  ]
  for (const address of [...open, '2606:4700:4700::1111', '2a00:1450::1']) t.ok(isPublic(address), address)
})

t.test('a name is resolved to checked addresses, in both of the ways that sockets ask', async (t) => {
  const ask = (name: string, all: boolean) =>
    new Promise<unknown[]>((done) => lookupPublic(name, { all }, (...answer) => done(answer)))
  t.same(await ask('8.8.8.8', true), [null, [{ address: '8.8.8.8', family: 4 }]])
  t.same(await ask('8.8.8.8', false), [null, '8.8.8.8', 4])
  t.match(await ask('localhost', true), [
    { name: 'AddressRefused', message: /^localhost \((127\.0\.0\.1|::1)\) is/ },
  ])
  t.match(await ask('no-such-host.invalid', true), [{ syscall: 'getaddrinfo' }])
})

t.test('templates', async (t) => {
  const lookup = (name: string) => ({ a: 'A', b: '{{a}}', path: 'x/../y?#é %' })[name]
  t.equal(fillText('{{a}}{{ a }}{{b}}{{c}}{{ a b }}{a}', lookup), 'AA{{a}}{{c}}{{ a b }}{a}')
  t.same(fillJson({ '{{a}}': ['{{a}}', 1, { x: '-{{b}}-' }], n: null }, lookup), {
    '{{a}}': ['A', 1, { x: '-{{a}}-' }],
    n: null,
  })
  t.equal(fillAddress('https://h/{{path}}', lookup), 'https://h/x%2F..%2Fy%3F%23%C3%A9%20%25')
})

t.test('whatever a value holds, the shape of the body stays', async (t) => {
  const shape = (value: unknown) =>
    JSON.stringify(value, (_key, each) => (typeof each === 'string' ? '' : each))
  const template = { one: '{{a}}', more: ['x {{b}} y', { deep: '{{a}}{{b}}' }], n: 3 }
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '{{b}}', '$1', '\ud800'))
  const property = fc.property(text, text, (a, b) => {
    const filled = fillJson(template, (name) => ({ a, b })[name])
    const back = JSON.parse(JSON.stringify(filled))
    return shape(back) === shape(template) && back.one === a
  })
  t.doesNotThrow(() => fc.assert(property))
  const address = fc.property(text, (value) => {
    if (value === '.' || value === '..') return true
    const { origin, pathname, search, hash } = new URL(fillAddress('http://h/a/{{v}}/b', () => value))
    const parts = pathname.split('/')
    return origin === 'http://h' && parts.length === 4 && parts[3] === 'b' && search + hash === ''
  })
  t.doesNotThrow(() => fc.assert(address))
})

t.test('conditions on an answer', async (t) => {
  const rows: [condition: string, answer: unknown, is: boolean][] = [
    ['live', { status: 'live' }, true],
    ['live', { state: 'live' }, true],
    ['live', { state: 'LIVE' }, false],
    ['status=live', { state: 'live' }, false],
    ['build.status = done | finished', { build: { status: 'finished' } }, true],
    ['builds.0.ok=true', { builds: [{ ok: true }] }, true],
    ['code=0', { code: 0 }, true],
    ['status=live', null, false],
    ['status=live', 'live', false],
    ['status=live', undefined, false],
    ['status=[object Object]', { status: {} }, false],
    ['constructor.name=Object', {}, false],
    ['a=b=c', { a: 'b=c' }, true],
  ]
  for (const [text, answer, is] of rows) {
    const condition = readCondition(text)
    t.equal(condition && isTrueOf(condition, answer), is, `${text} of ${JSON.stringify(answer)}`)
  }
  for (const text of ['', ' ', '=live', 'status=', 'status= | '])
    t.equal(readCondition(text), undefined, text)
  t.equal(textAt({ a: [1] }, ['a', 'length']), '1')
})

t.test('Retry-After in seconds and as a date', async (t) => {
  const nowMs = Date.parse('2026-01-02T03:04:05Z')
  const rows: [header: string | string[] | undefined, ms: number | undefined][] = [
    ['3', 3000],
    [' 0 ', 0],
    ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
    ['99999999999', 86_400_000],
    ['soon', undefined],
    [undefined, undefined],
    [['1', '2'], undefined],
  ]
  for (const [header, ms] of rows) t.equal(readRetryAfter(header, nowMs), ms, String(header))
})

t.test('rules that cannot work are named, all of them, without their values', async (t) => {
  const good: RequestRules = {
    kind: 'request',
    url: 'https://api.example/deploy',
    method: 'POST',
    headers: { Authorization: 'Bearer s3cret' },
    body: { sha: '{{sha}}' },
    timeoutMs: 1000,
    poll: {
      url: 'https://api.example/{{answer.id}}/{{sha}}',
      everyMs: 1000,
      success: 'live',
      failure: 'failed',
    },
    allowPrivate: false,
  }
  t.same(findProblems(good), [])
  const pollAt = (url: string) => ({ url, everyMs: 1, success: 'a', failure: 'b' })
  const rows: [changes: Partial<RequestRules>, problems: (string | RegExp)[]][] = [
    [{ url: 'ftp://x/' }, ['url is no address that begins with https:// or http://']],
    [{ url: 'nowhere' }, [/^url is no address/]],
    [{ url: 'https://me:s3cret@x/' }, ['url holds a user or password: put them in a header']],
    [{ url: 'https://x/{{sha}}' }, ['url takes no {{...}}: only body and poll.url do']],
    [{ method: 'PO ST' }, ['method is no HTTP method']],
    [{ headers: { 'a b': 'c' } }, ['headers: "a b" cannot be sent, or its value cannot']],
    [{ headers: { a: 's3cret\r\nb: c' } }, ['headers: "a" cannot be sent, or its value cannot']],
    [{ headers: { 'Content-Length': '5' } }, [/"Content-Length" cannot be sent/]],
    [
      { body: ['{{ sha1 }} {{answer.id}}', '{{sha1}}'] },
      [/^body: \{\{sha1\}\} stands for nothing; there are sha, ref,/, /^body: \{\{answer\.id\}\}/],
    ],
    [{ body: '{{callback_url}}' }, [/^body: \{\{callback_url\}\} stands for nothing/]],
    [{ body: '{{callback_url}} {{payload.a.b}}', poll: undefined, callback: { withinMs: undefined } }, []],
    [{ callback: { withinMs: 1 } }, [/^poll and callback are set/]],
    [{ poll: pollAt('https://{{ref}}/') }, ['poll.url takes {{...}} only after the host']],
    [{ poll: pollAt('https://x{{ref}}.example/') }, ['poll.url takes {{...}} only after the host']],
    [
      { poll: pollAt('https://x/{{nothing}}') },
      [/^poll\.url: \{\{nothing\}\} stands for nothing.*answer\.FIELD$/],
    ],
    [
      { poll: { ...pollAt('https://x/'), success: '=' } },
      ['poll.success names no value, such as status=live'],
    ],
    [{ url: 'x', method: '' }, [/^url/, /^method/]],
  ]
  for (const [changes, problems] of rows) {
    const found = findProblems({ ...good, ...changes })
    t.match(found, problems)
    t.equal(found.length, problems.length)
    t.notMatch(found.join(), 's3cret')
  }
})
