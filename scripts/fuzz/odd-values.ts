import type { Random } from '../faults/random.ts'

/** Texts that parsers, expressions, databases, terminals and pages stumble over. */
const oddTexts = [
  ...[
    '',
    ' ',
    '\0',
    '\u0000abc',
    '\r\n',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\udfff\ud800',
    '💥',
    'İ',
    'ﷺ',
    'a\u0300',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'length'],
  ...[
    'null',
    'undefined',
    'NaN',
    'true',
    '-1',
    '0x10',
    '1e309',
    '../../etc/passwd',
    '..\\..\\',
    '/etc/passwd',
  ],
  ...['<script>alert(1)</script>', '"><img src=x>', "' OR 1=1 --", '{{7*7}}', '{%raw%}', '%s%n%x'],
  ...[
    '\r\nX-Injected: 1',
    '*3\r\n$3\r\nSET\r\n',
    '\u001b[2J',
    'http://169.254.169.254/',
    'file:///etc/passwd',
  ],
  ...[
    'refs/heads/main',
    'refs/tags/',
    'a:b',
    '{a}',
    '{livraison}',
    'acme/shop',
    '@acme/team',
    '#1',
    '2026-13-45',
  ],
]

/** What makes an expression that goes back and forth take its time, and a parser that recurses fall. */
const repeated = [
  'a',
  ' ',
  '\t',
  '\n',
  '[',
  '(',
  '*',
  '_',
  '`',
  '/',
  '-',
  '.',
  '0',
  '>',
  '!',
  '&',
  '%41',
  '](',
  '\\',
]
const tails = ['', '!', '\n', 'x', '\0', ']', ' /deploy']

export function oddText(random: Random): string {
  const choice = random.whole(0, 10)
  if (choice < 6) return random.pick(oddTexts)
  const times = choice < 9 ? random.whole(1, 300) : random.whole(1000, 60_000)
  return `${random.pick(['', '/deploy ', 'x'])}${random.pick(repeated).repeat(times)}${random.pick(tails)}`
}

/** The JSON of an odd value, which `JSON.stringify` would not give. */
export function oddJson(random: Random): string {
  const makers = [
    () => JSON.stringify(oddText(random)),
    () => random.pick(['null', 'true', 'false', '0', '-0', '-1', '{}', '[]', '[[]]', '""', '[null]']),
    () => random.pick(['1e400', '-1e400', '1e-400', '9007199254740993', '1.7976931348623157e308', '0.1e1']),
    () => `1${'0'.repeat(random.whole(1, 5000))}`,
    () => nested(random),
    () => random.pick(['"\\ud800"', '"\\u0000"', '"\\udc00\\ud800"', '"\\u202e"']),
    () => random.pick(['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"x":1}}}']),
    () =>
      random.pick(['{"a":1,"a":2}', '{"toString":null}', '{"length":1e9}', '{"then":{}}', '{"toJSON":1}']),
    () => `[${Array.from({ length: random.whole(1, 2000) }, () => '0').join()}]`,
    () => `{${Array.from({ length: random.whole(1, 1000) }, (_, at) => `"k${at}":${at}`).join()}}`,
  ]
  return random.pick(makers)()
}

function nested(random: Random): string {
  const depth = random.whole(0, 4) === 0 ? random.whole(5000, 100_000) : random.whole(1, 200)
  const isClosed = random.whole(0, 4) > 0
  return random.whole(0, 2) === 0
    ? `${'['.repeat(depth)}${isClosed ? ']'.repeat(depth) : ''}`
    : `${'{"a":'.repeat(depth)}1${isClosed ? '}'.repeat(depth) : ''}`
}
