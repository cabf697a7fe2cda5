import type { Random } from '../faults/random.ts'
import type { Message } from './case.ts'
import { oddText } from './odd-values.ts'
import type { Header } from './secrets.ts'

/** By the host a request is proper, and by the GUID it is known afterwards who sent it. */
const isKept = (name: string) => /^(host|x-github-delivery)$/i.test(name)

/** What a value may hold and still be one. */
function odd(random: Random): string {
  return oddText(random)
    .slice(0, 400)
    .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
}

const interesting = [
  ...['Accept', 'Accept-Encoding', 'Accept-Version', 'Authorization', 'Connection', 'Content-Encoding'],
  ...['Content-Type', 'Cookie', 'Forwarded', 'If-Modified-Since', 'If-None-Match', 'Last-Event-ID', 'Origin'],
  ...['Proxy-Connection', 'Range', 'Referer', 'Sec-Fetch-Site', 'TE', 'User-Agent', 'Via', 'X-Forwarded-For'],
  ...['X-Forwarded-Host', 'X-Forwarded-Proto', 'X-GitHub-Event', 'X-HTTP-Method-Override'],
  ...[
    'X-Hub-Signature',
    'X-Hub-Signature-256',
    'X-Livraison-Timestamp',
    'X-Slack-Signature',
    '__proto__',
    'constructor',
  ],
]

const values: Record<string, string[]> = {
  Accept: ['text/event-stream', 'text/html', 'application/json', '*/*;q=0'],
  Authorization: ['Bearer', 'Bearer ', 'Bearer liv_x', 'Basic YTpi', 'bearer \t x', 'Bearer a b'],
  Cookie: [
    'livraison=%',
    'livraison_session=x',
    'a=b; a=c; =; ;;',
    'livraison_state=x; livraison_verifier=y',
  ],
  'Content-Encoding': ['gzip', 'br', 'identity', 'gzip, gzip', 'x'],
  'Content-Type': [
    'text/plain',
    'application/json; charset=utf-16',
    'APPLICATION/JSON',
    'a',
    'multipart/form-data',
    ';',
  ],
  'Last-Event-ID': ['0-0', '9999999999999-1', '-', '+', '$', '1-1-1'],
  Origin: ['null', 'http://evil.example', 'http://127.0.0.1'],
  Range: ['bytes=0-', 'bytes=-1', 'bytes=0-0,1-1,2-2'],
  'X-Hub-Signature-256': [`sha256=${'0'.repeat(64)}`, 'sha256=', `SHA256=${'a'.repeat(64)}`],
  'X-Forwarded-For': ['8.8.8.8', '::1', 'x, y', '1.2.3.4:5', '8.8.8.8, '.repeat(200)],
}

/** Changes the headers of a message; what is left is proper HTTP. */
export function twistHeaders(random: Random, message: Message): Message {
  const { headers } = message
  const at = random.whole(0, headers.length)
  const name = random.pick(interesting)
  const value = random.whole(0, 2) === 0 ? odd(random) : random.pick(values[name] ?? ['', 'x'])
  const twists: (() => Header[])[] = [
    () => [...headers, [name, value]],
    () => [...headers, [name, value], [name, odd(random)]],
    () => [...headers.filter(([each]) => each !== name), [name, value]],
    () => headers.filter(([each], index) => index !== at || isKept(each)),
    () =>
      headers.flatMap((each, index): Header[] => (index === at && !isKept(each[0]) ? [each, each] : [each])),
    () =>
      headers.map(([each, text], index) =>
        index === at && !isKept(each) ? [each, odd(random)] : [each, text],
      ),
    () => headers.map(([each, text]) => [random.pick([each.toLowerCase(), each.toUpperCase()]), text]),
    () => random.shuffle(headers),
    () => [...headers, ...Array.from({ length: random.whole(20, 900) }, (_, n): Header => [`X-${n}`, 'x'])],
    () => [...headers, ['X-Long', 'x'.repeat(random.whole(1000, 14_000))]],
    () => [...headers, ['Expect', random.pick(['100-continue', 'the unexpected'])]],
    () => [
      ...headers,
      ['Connection', random.pick(['close', 'keep-alive', 'x', 'close, keep-alive', 'Host'])],
    ],
    () => [...headers, ['Upgrade', random.pick(['websocket', 'h2c', 'TLS/1.0'])], ['Connection', 'Upgrade']],
  ]
  return { ...message, headers: random.pick(twists)() }
}
