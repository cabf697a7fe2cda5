// What is read of a channel's messages; all of it is pure.
import fc from 'fast-check'
import t from 'tap'
import { rawMember } from '../../../src/tunnel/raw-member.ts'
import { readMessage } from '../../../src/tunnel/read-message.ts'

t.test('a member’s text is found as it stands', async (t) => {
  const json =
    '{ "a" : "}, \\"body\\": 1", "body" : {"n": 1.0, "big": 12345678901234567890, "u": "\\u00e9\\/"} , "b":[{"body":2}] }'
  t.equal(rawMember(json, 'body'), '{"n": 1.0, "big": 12345678901234567890, "u": "\\u00e9\\/"}')
  t.equal(rawMember(json, 'b'), '[{"body":2}]')
  t.equal(rawMember(json, 'nothing'), undefined)
  t.equal(rawMember('{}', 'body'), undefined)
  t.equal(rawMember('{"body":1,"body":2}', 'body'), '2', 'as JSON.parse has it')
})

t.test('whatever the object is', async (t) => {
  const objects = fc.dictionary(fc.string(), fc.jsonValue())
  fc.assert(
    fc.property(objects, fc.nat(2), (object, indent) => {
      const json = JSON.stringify(object, null, indent)
      for (const [name, value] of Object.entries(object)) {
        const text = rawMember(json, name)
        if (text === undefined) return false
        if (JSON.stringify(JSON.parse(text)) !== JSON.stringify(value)) return false
      }
      return true
    }),
  )
  t.pass()
})

t.test('a delivery is read, however the server keeps it', async (t) => {
  const head = {
    'x-github-event': 'push',
    'x-hub-signature-256': 'sha256=00',
    'content-type': 'application/json',
  }
  const body = (message: object) => readMessage(JSON.stringify({ ...head, ...message }))?.body.toString()
  t.equal(body({ body: { a: 'é', b: [1, 2] }, query: {} }), '{"a":"é","b":[1,2]}')
  t.equal(body({ body: { a: 1 }, rawbody: '{ "a": 1.0 }' }), '{ "a": 1.0 }')
  t.equal(body({ bodyB: Buffer.from('{ "a": 1.0 }').toString('base64') }), '{ "a": 1.0 }')
  const form = { 'content-type': 'application/x-www-form-urlencoded', body: { payload: '{"a":"1 + é"}' } }
  t.equal(body(form), 'payload=%7B%22a%22%3A%221+%2B+%C3%A9%22%7D')
  for (const nothing of [{}, { body: 'text' }, { body: [1] }, { ...form, body: {} }])
    t.equal(body(nothing), undefined)
  for (const data of ['ready', '{}', '[]', 'null', '{"body":{}}']) t.equal(readMessage(data), undefined, data)
})

t.test('of its head, only what GitHub wrote is passed on', async (t) => {
  const head = {
    'x-github-event': 'push',
    'X-Hub-Signature-256': 'sha256=00',
    'user-agent': 'GitHub-Hookshot/1',
    host: 'smee.io',
    cookie: 'session=1',
    authorization: 'Bearer x',
    'x-forwarded-for': '127.0.0.1',
    'content-length': '5',
    'transfer-encoding': 'chunked',
  }
  t.strictSame(Object.keys(readMessage(JSON.stringify({ ...head, body: {} }))?.headers ?? {}).sort(), [
    ...['content-type', 'user-agent', 'x-github-event', 'x-hub-signature-256'],
  ])
})
