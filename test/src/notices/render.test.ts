import fc from 'fast-check'
import t from 'tap'
import type { Message, Span } from '../../../src/notices/message.ts'
import { type Notice, type NoticeState, noticeStates } from '../../../src/notices/notice.ts'
import { plainText } from '../../../src/notices/plain-text.ts'
import { render } from '../../../src/notices/render.ts'
import { someNotice } from '../../fixtures/notices.ts'

function wordsFor(state: NoticeState, changes: Partial<Notice> = {}): string[] {
  return wordsOf(render(someNotice({ state, ...changes }), {}))
}

function wordsOf({ title, lines }: Message): string[] {
  return [title, ...lines].map(plainText)
}

function rendered(text: string, changes: Partial<Notice> = {}): Message {
  return render(someNotice(changes), { success: text })
}

t.test('who deploys what to where, and how it went', async (t) => {
  const titles = Object.fromEntries(noticeStates.map((state) => [state, wordsFor(state)[0]]))
  const noun = 'The deployment of acme/shop main (6dcb09b) to production by octocat'
  t.same(titles, {
    pending: 'octocat is about to deploy acme/shop main (6dcb09b) to production',
    queued: `${noun} is waiting`,
    in_progress: 'octocat is deploying acme/shop main (6dcb09b) to production',
    success: 'octocat has deployed acme/shop main (6dcb09b) to production in 2 min 10 s, usually 3 min',
    failure: `${noun} has failed after 2 min 10 s`,
    error: `${noun} could not be carried out`,
    inactive: `${noun} is inactive`,
    skipped: 'acme/shop main (6dcb09b) is not deployed to production',
  })
})

t.test('reasons, changes and links', async (t) => {
  t.same(wordsFor('failure').slice(1), [
    ...['It answered 500.', 'octocat, hubot: your changes are in it.', 'Merge of #7: Add a cart'],
    ...['• 6dcb09b Add a cart (octocat)', '• bbbbbbb Add *prices* (hubot)', 'and 5 more'],
    'Log · Changes · Pull request #7',
  ])
  t.same(wordsFor('queued', { description: 'It waits for #41.' })[1], 'It waits for #41.')
  t.same(wordsFor('skipped', { description: 'CI is red.' }).slice(1), [
    ...['CI is red.', 'Merge of #7: Add a cart', 'Why · Pull request #7'],
  ])
  t.match(wordsFor('success').at(-1), / · Open$/)
})

t.test('a rollback is named as such', async (t) => {
  const rollbackOf = 41
  t.match(
    wordsFor('in_progress', { rollbackOf })[0],
    'octocat is rolling production of acme/shop back to main (6dcb09b)',
  )
  t.match(wordsFor('success', { rollbackOf })[0], 'octocat has rolled production of acme/shop back to main')
  t.match(
    wordsFor('failure', { rollbackOf })[0],
    'The rollback of production of acme/shop to main (6dcb09b) by octocat has',
  )
})

t.test('what is not known is left out', async (t) => {
  const {
    urls,
    changes: _,
    authors: __,
    tookMs: ___,
    pullRequest: ____,
    usualMs: _____,
    ...rest
  } = someNotice()
  const { repository, commit, why } = urls
  const bare = {
    ...rest,
    state: 'failure',
    description: '',
    what: '',
    urls: { repository, commit, why },
  } as const
  t.same(wordsOf(render(bare, {})), [
    ...['The deployment of acme/shop main (6dcb09b) to production by octocat has failed'],
    ...['Asked for by octocat.', 'Why'],
  ])
})

t.test('only people of the notice are mentioned, and a token is nobody', async (t) => {
  const spans = (message: Message) => [message.title, ...message.lines].flat()
  const people = (message: Message) => spans(message).filter(({ kind }) => kind === 'person')
  t.same(people(render(someNotice({ state: 'failure' }), {})), [
    { kind: 'person', login: 'octocat' },
    { kind: 'person', login: 'hubot' },
  ])
  t.same(people(render(someNotice(), {})), [], 'a success mentions nobody')
  t.same(people(rendered('{{ by | person }}', { byPerson: false, by: 'admin', authors: [] })), [])
  t.same(people(rendered('{{ what | person }} {{ "octocat" | person }}', { what: 'root' })), [
    { kind: 'person', login: 'octocat' },
  ])
})

t.test('an operator’s own text', async (t) => {
  t.same(
    rendered('**{{ by }}** did _it_ `{{ ref }}` [here]({{ log_url }})\n\n- {{ what }}\n# no heading', {
      ref: 'a`b',
    }),
    {
      title: [
        { kind: 'text', text: 'octocat', style: 'bold' },
        { kind: 'text', text: ' did ' },
        { kind: 'text', text: 'it', style: 'italic' },
        { kind: 'text', text: ' ' },
        { kind: 'text', text: 'a`b', style: 'code' },
        { kind: 'text', text: ' ' },
        { kind: 'link', text: 'here', url: 'https://deploy.example.com/deployments/42' },
      ],
      lines: [
        [{ kind: 'text', text: '• Merge of #7: Add a cart' }],
        [{ kind: 'text', text: '# no heading' }],
      ],
    },
  )
  t.same(wordsOf(rendered('<b>{{ by }}</b> ![a picture](https://x.example) &amp;')), [
    '<b>octocat</b> a picture &',
  ])
})

t.test('only addresses of pages and mail are linked, and a value stays in its part of them', async (t) => {
  const urlsOf = (message: Message) =>
    message.title.flatMap((span) => (span.kind === 'link' ? [span.url] : []))
  t.same(urlsOf(rendered('[a](javascript:alert) [b](data:x) [c](file:///x) [d](//x)')), [])
  t.same(urlsOf(rendered('[x](mailto:a@example.com)')), ['mailto:a@example.com'])
  const odd = rendered('[x](https://x.example/{{ ref }}?q={{ ref }})', { ref: '../a b?&#"<>' })
  const encoded = '..%2Fa%20b%3F%26%23%22%3C%3E'
  t.same(urlsOf(odd), [`https://x.example/${encoded}?q=${encoded}`])
  t.same(urlsOf(rendered('{{ "x" | link: ref }}', { ref: 'javascript:alert(1)' })), [])
})

t.test('a text that cannot be used here gives way to the usual one', async (t) => {
  const usual = wordsFor('success')
  for (const text of [
    '{{ nonsense }}',
    '{% if %}',
    '{{ changes[5].title }}',
    '\n \n',
    '{% if false %}x{% endif %}',
  ]) {
    t.same(wordsOf(rendered(text)), usual, text)
  }
})

/** What people and machines write, with all that any channel, Markdown, HTML or Liquid could take for something else. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '<!channel>',
          '<@U1>',
          '@everyone',
          '@here',
          '**b**',
          '_i_',
          '`',
          '```',
          '[x](https://evil.example)',
        ],
        ...[
          '<a href="https://evil.example">',
          '<https://evil.example>',
          '![i](https://evil.example)',
          '\\',
          '&#42;',
        ],
        ...[
          '\r\n',
          '\n',
          '\u2028',
          '\u0000',
          '\u202e',
          '\u{f0041}',
          '\u{10fffd}',
          '\ud800',
          '{{ by }}',
          '{% raw %}',
        ],
        ...[
          '# ',
          '- ',
          '> ',
          '1. ',
          '\t',
          '    ',
          '|',
          '~~',
          '$',
          '](',
          ')',
          '<at>x</at>',
          ':tada:',
          'octocat',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

const unseen = /[\p{Cc}\p{Cs}\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u{f0000}-\u{10ffff}]/u

t.test('whatever values hold, they are text', async (t) => {
  const harmless = someNotice({
    state: 'failure',
    by: 'x',
    byPerson: false,
    what: 'x',
    description: 'x',
    ref: 'x',
  })
  const shape = ({ title, lines }: Message) => [title, ...lines].map((line) => line.map(kindOf).join(''))
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (one, two, three, four) => {
      const commit = { sha: 'a'.repeat(40), title: `x${one}`, author: `x${two}` }
      const changes = { base: 'b', total: 1, commits: [commit] }
      const values = {
        by: `x${one}`,
        what: `x${two}`,
        description: `x${three}`,
        ref: `x${four}`,
        environment: `x${one}`,
      }
      const message = render({ ...harmless, ...values, changes }, {})
      const plain = render(
        {
          ...harmless,
          environment: 'x',
          changes: { ...changes, commits: [{ ...commit, title: 'x', author: 'x' }] },
        },
        {},
      )
      const texts = [message.title, ...message.lines].flat().map((span) => plainText([span]))
      return (
        JSON.stringify(shape(message)) === JSON.stringify(shape(plain)) &&
        !texts.some((text) => unseen.test(text))
      )
    }),
    { numRuns: 500 },
  )
  t.pass()
})

function kindOf(span: Span): string {
  return span.kind === 'text'
    ? `t${span.style ?? ''}`
    : `${span.kind}${span.kind === 'link' ? span.url : span.login}`
}
