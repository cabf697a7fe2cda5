import type { Random } from '../faults/random.ts'
import { bytesOf, type Message } from './case.ts'
import { mutateBytes } from './mutate.ts'

/** A request inside another's body, which must never be taken for one of its own. */
const smuggled = 'GET /healthz?smuggled HTTP/1.1\r\nHost: x\r\nX-Smuggled: 1\r\n\r\n'

/** What is no proper HTTP, or not certainly: of lengths that disagree, lines that do not end, and the like. */
export function twistBytes(random: Random, message: Message): Buffer {
  const plain = bytesOf(message)
  const { length } = message.body
  const twists = [
    () => mutateBytes(random, plain),
    () => withFraming(message, [`Content-Length: ${length}`, 'Transfer-Encoding: chunked'], chunked(message)),
    () =>
      withFraming(
        message,
        ['Transfer-Encoding: chunked', `Content-Length: ${length}`],
        `0\r\n\r\n${smuggled}`,
      ),
    () => withFraming(message, [`Transfer-Encoding: ${random.pick(encodings)}`], `0\r\n\r\n${smuggled}`),
    () => withFraming(message, [`Content-Length: ${random.pick(lengths)}`], message.body),
    () => withFraming(message, ['Content-Length: 0', `Content-Length: ${length}`], smuggled),
    () =>
      withFraming(message, [`Content-Length: ${Math.max(0, length - random.whole(1, 20))}`], message.body),
    () => withFraming(message, [`Content-Length: ${length + random.whole(1, 100)}`], message.body),
    () => withFraming(message, ['Transfer-Encoding: chunked'], random.pick(chunks)),
    () => Buffer.from(plain.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    () => Buffer.from(plain.toString('latin1').replaceAll('\r\n', '\r'), 'latin1'),
    () => replaceOnce(plain, ': ', random.pick([' : ', ':', '', '\0: ', ': \0', ':\r\n ', ': \r'])),
    () =>
      replaceOnce(
        plain,
        'HTTP/1.1',
        random.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/0.9', '', 'http/1.1']),
      ),
    () => replaceOnce(plain, 'Host: ', random.pick(['Hos: ', 'Host: a\r\nHost: ', 'Host : ', 'X-Host: '])),
    () =>
      replaceOnce(plain, message.method, random.pick(['', ' ', 'GÉT', 'get', 'X'.repeat(5000), '\0', 'PRI'])),
    () => Buffer.concat([Buffer.from('\r\n'.repeat(random.whole(1, 5))), plain]),
    () => Buffer.concat([plain, Buffer.from(random.pick(['\0', 'GARBAGE\r\n\r\n', '\r\n\r\n', smuggled]))]),
    () => Buffer.from(random.pick(others), 'latin1'),
    () => replaceOnce(plain, '\r\n', `\r\nX-Long: ${'x'.repeat(random.whole(15_000, 70_000))}\r\n`),
    () => replaceOnce(plain, '\r\n', `\r\n${'X: 1\r\n'.repeat(random.whole(1000, 4000))}`),
  ]
  return random.pick(twists)()
}

const encodings = [
  'xchunked',
  'chunked, identity',
  'identity',
  ' chunked',
  '\tchunked',
  'gzip',
  'gzip, chunked',
  'chunked\0',
  'CHUNKED',
  '',
]
const lengths = [
  '-1',
  '+5',
  '0x10',
  '1e3',
  '',
  ' ',
  'a',
  '99999999999999999999999',
  '5, 5',
  '5 5',
  '4294967297',
  '٣',
]
const chunks = [
  ...[
    '-1\r\n',
    'ffffffffffffffff\r\nx',
    '5\r\nabc',
    '5\nabcde\n0\n\n',
    '0\r\nX-Trailer: 1\r\n\r\n',
    'z\r\n\r\n',
  ],
  ...[
    `5;${'a=b;'.repeat(5000)}\r\nabcde\r\n0\r\n\r\n`,
    '0x5\r\nabcde\r\n0\r\n\r\n',
    '5\r\nabcdeX\r\n0\r\n\r\n',
  ],
  ...[
    `0\r\n${'X: 1\r\n'.repeat(3000)}\r\n`,
    ' 5\r\nabcde\r\n0\r\n\r\n',
    '0\r\n\r\n0\r\n\r\n',
    `${'0'.repeat(5000)}\r\n\r\n`,
  ],
]
const others = [
  // The first words of TLS, HTTP/2, a proxy's protocol, SSH, Redis, SMTP.
  ...[
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n',
  ],
  ...[
    'SSH-2.0-x\r\n',
    '*1\r\n$4\r\nPING\r\n',
    'EHLO x\r\n',
    '\0'.repeat(1000),
    'A'.repeat(100_000),
    '\r\n\r\n',
    ' ',
  ],
]

function chunked({ body }: Message): Buffer {
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])
}

/** The message with these lines in the place of its own framing, and this after its head. */
function withFraming(message: Message, lines: string[], rest: string | Buffer): Buffer {
  const head = bytesOf({ ...message, framing: 'none' })
    .toString('latin1')
    .replace(/\r\n$/, '')
  return Buffer.concat([
    Buffer.from(`${head}${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    Buffer.from(rest as string),
  ])
}

function replaceOnce(bytes: Buffer, what: string, by: string): Buffer {
  const at = bytes.indexOf(what, 0, 'latin1')
  if (at < 0) return bytes
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(by, 'latin1'), bytes.subarray(at + what.length)])
}
