// What people write does nothing in our comments: held against a parser of GitHub's Markdown.
import { fromMarkdown } from 'mdast-util-from-markdown'
import t from 'tap'
import { code, link, plain, row } from '../../../src/commands/github-markdown.ts'

const hostile = [
  '@acme/ops @octocat',
  'see #12 and acme/shop#12 and GH-12 and gh-12',
  'https://evil.example HTTP://evil.example www.evil.example a@evil.example mailto:a@evil.example',
  '[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>',
  '<img src=x onerror=alert(1)> <!-- --> &lt; &#64;octocat',
  '**bold** _it_ ~~gone~~ `code` ``two`` $x$',
  '# heading',
  '> quote',
  '- [x] item',
  '+ item',
  '1. one',
  '2) two',
  '---',
  '===',
  '| a | b |',
  'a\\',
  '\\`x\\` \\*y\\*',
  '[x]: https://evil.example',
  '[^1]',
  '```js',
  '    indented',
  'two\nlines\r\n\r\n# three',
  'hid\u202eden\u0000 \u200bx\u2066y',
  '@\u200dhere',
]

interface Node {
  type: string
  value?: string
  children?: Node[]
}

function leaves(node: Node): Node[] {
  return node.children ? node.children.flatMap(leaves) : [node]
}

/** What GitHub makes of text itself, after Markdown: by its own words, mentions, references, addresses. */
const magic = /(^|[^\w`])@[\w-]|#\d|\bgh-\d|https?:\/\/|\bwww\.|\w@\w|mailto:/i

for (const text of hostile) {
  t.test(JSON.stringify(text), async (t) => {
    const tree: Node = fromMarkdown(plain(text))
    t.same(
      tree.children?.map(({ type }) => type),
      ['paragraph'],
    )
    const found = leaves(tree)
    t.same(new Set(found.map(({ type }) => type)), new Set(['text']), 'nothing but text')
    const shown = found.map(({ value }) => value).join('')
    t.notMatch(shown, magic)
    const seen = text
      .replace(/\s+/g, ' ')
      .replace(/[\p{Cc}\p{Cf}]/gu, '')
      .trim()
    t.equal(shown.replaceAll('\u200b', ''), seen, 'it is shown as it is')

    const inCode: Node = fromMarkdown(`a ${code(text)} b`)
    t.same(
      leaves(inCode).map(({ type }) => type),
      ['text', 'inlineCode', 'text'],
    )

    const cells = row([code(text), plain(text)]).split(/(?<!\\)\|/)
    t.equal(cells.length, 4, 'two cells')
  })
}

t.test('our links lead where they should', async (t) => {
  const tree = fromMarkdown(link('Why [x](y)', 'http://x.test/why/a/b/green%20(field)%3E%2F?a=1 <b>'))
  t.match(tree, {
    children: [
      {
        children: [
          {
            type: 'link',
            url: 'http://x.test/why/a/b/green%20(field)%3E%2F?a=1%20%3Cb%3E',
            children: [{ type: 'text', value: 'Why [x](y)' }],
          },
        ],
      },
    ],
  })
  t.equal(fromMarkdown(code('')).children.length, 1)
  t.equal(
    plain('Deployed in 12 s, by (octocat): fine; 50% "ok" a/b.c'),
    'Deployed in 12 s, by (octocat): fine; 50% "ok" a/b.c',
  )
})
