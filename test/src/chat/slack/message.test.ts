import fc from 'fast-check'
import t from 'tap'
import { toSlackMessage } from '../../../../src/chat/slack/message.ts'
import { takenBySlack } from '../../../fixtures/slack-workspace.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3000 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '!', '@', ':', '*', '\n', '\u202e', 'a', '😀'),
    maxLength: 3000,
  }),
)

t.test('whatever it says, Slack takes it, and nothing in it does anything', async (t) => {
  fc.assert(
    fc.property(anyText, fc.array(anyText, { maxLength: 60 }), fc.boolean(), (text, lines, isForAll) => {
      const message = toSlackMessage({
        ...{ to: isForAll ? 'channel' : 'asker', text, lines },
        ...(isForAll ? { asker: { id: 'U1', login: text } } : {}),
      })
      takenBySlack.parse(message)
      const types = JSON.stringify(message.blocks).match(/"type":"(user|link|broadcast|emoji)"/g) ?? []
      return types.length === (isForAll ? 1 : 0)
    }),
    { numRuns: 200 },
  )
  t.pass('as the schema says')
})

t.test('the longest that there can be is cut to what Slack takes', async (t) => {
  const long = '\u{1f600}"\\'.repeat(2000)
  const message = toSlackMessage({ to: 'asker', text: long, lines: Array.from({ length: 100 }, () => long) })
  takenBySlack.parse(message)
  t.match(message.blocks[0]?.elements[1]?.elements.at(-1), { elements: [{ text: /^\.\.\. and \d+ more$/ }] })
})

t.test('it says who asked, where more is, and how much was left out', async (t) => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`)
  const link = { text: '#7', url: 'https://livraison.example/deployments/acme/shop/7' }
  const message = toSlackMessage({
    ...{ to: 'channel', text: 'Done. <b>', lines, link, thread: '1.2' },
    asker: { id: 'U1', login: 'octocat' },
  })
  t.match(message, {
    response_type: 'in_channel',
    thread_ts: '1.2',
    text: /^octocat: Done\. &lt;b&gt;\nline 0\n/,
  })
  const [section, list] = message.blocks[0]?.elements ?? []
  t.match(section?.elements, [
    { type: 'user', user_id: 'U1' },
    { text: ': ' },
    { text: 'Done. <b>' },
    { text: ' ' },
    { type: 'link', ...link },
  ])
  t.equal(list?.elements.length, 31)
  t.match(list?.elements.at(-1), { elements: [{ text: '... and 10 more' }] })
})
