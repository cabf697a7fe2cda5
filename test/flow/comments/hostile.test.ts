// Names, titles, reasons and descriptions that want to be something in our comments.
import { fromMarkdown } from 'mdast-util-from-markdown'
import t from 'tap'
import { answered, config, openAged, say, startCommented } from '../../fixtures/comments.ts'
import { shop } from '../../fixtures/fleet.ts'

interface Node {
  type: string
  value?: string
  url?: string
  children?: Node[]
}

const flat = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(flat)]

/** What our comments are made of; and whatever GitHub would find in the text that is left. */
const ours = ['root', 'paragraph', 'text', 'inlineCode', 'strong', 'blockquote', 'link', 'list', 'listItem']
const magic = /(^|[^\w`])@[\w-]|#\d|\bgh-\d|https?:\/\/|\bwww\./i

const evil =
  '@acme/ops #1 <img src=x> [x](https://evil.example) https://evil.example www.evil.example ![y](z) | `b` **c**'
const branch = 'feat/@acme-ops#1<b>](y)_z_`z`|$1'

t.test('hostile text does nothing in any answer', async (t) => {
  const description = `Failed: ${evil}`
  const executor = async () => ({ state: 'failure' as const, description })
  const fleet = await startCommented(t, {
    rules: { executor },
    config: config('pull_requests: { forks: true }'),
  })
  const { sandbox } = fleet
  await openAged(fleet, { branch, title: evil, user: 'mona', fork: true })
  const texts = [
    await answered(fleet, await say(fleet, `/deploy staging because ${evil}`), '-1'),
    await answered(fleet, await say(fleet, `/lock staging ${evil}`), '+1'),
    await answered(fleet, await say(fleet, '/deploy staging', 'ada'), '-1'),
    await answered(fleet, await say(fleet, '/why staging'), '+1'),
    await answered(fleet, await say(fleet, `/deploy ${evil}`), 'confused'),
    await answered(fleet, await say(fleet, '/why @acme/ops'), '-1'),
  ]
  t.match(sandbox.deployments(shop), [{ payload: { branch: `mona:${branch}` } }])
  t.match(texts[0], /Failed:/)
  for (const text of texts) {
    const all = flat(fromMarkdown(text))
    t.same(
      all.filter(({ type }) => !ours.includes(type)),
      [],
      text,
    )
    const links = all.filter(({ type }) => type === 'link').map(({ url }) => new URL(url ?? '').host)
    t.notOk(links.some((host) => /evil/.test(host)))
    for (const { value } of all.filter(({ type }) => type === 'text')) t.notMatch(value, magic)
  }
  const status = await answered(fleet, await say(fleet, '/status'), '+1')
  const cells = status.split('\n').filter((line) => line.startsWith('|'))
  t.same(
    cells.map((line) => line.split(/(?<!\\)\|/).length),
    [5, 5, 5, 5],
    'each row has its three cells',
  )
  t.notMatch(status.replace(/`[^`]*`/g, ''), magic)
})
