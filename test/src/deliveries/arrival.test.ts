import fc from 'fast-check'
import t from 'tap'
import { readSubject } from '../../../src/deliveries/arrival.ts'
import { readExamples } from '../../fixtures/deliveries.ts'

t.test('the repository and the sender are read from the payloads that GitHub sends', async (t) => {
  const seen = { repository: 0, sender: 0 }
  for (const { name, examples } of readExamples()) {
    for (const payload of examples) {
      const subject = readSubject('one', name, payload)
      t.equal(subject.repository?.fullName, payload.repository?.full_name, name)
      t.equal(subject.repository?.id, payload.repository?.id, name)
      t.equal(subject.sender, payload.sender?.login, name)
      t.equal(subject.action, payload.action, name)
      if (subject.repository) seen.repository++
      if (subject.sender) seen.sender++
    }
  }
  t.ok(seen.repository > 100 && seen.sender > 100, 'most have both', seen)
})

t.test('whatever the payload, it is taken, and nothing of another shape comes through', async (t) => {
  const nested = fc.jsonValue({ maxDepth: 3 })
  const payload = fc.oneof(
    nested,
    fc.record({ action: nested, sender: nested, repository: nested }, { requiredKeys: [] }),
    fc.record({
      sender: fc.record({ login: nested }),
      repository: fc.record({ id: nested, full_name: nested }),
    }),
  )
  const property = fc.property(fc.string(), fc.string(), payload, (guid, event, payload) => {
    const { repository, sender = '', action = '' } = readSubject(guid, event, payload)
    if (repository && !/^[^/]+\/[^/]+$/.test(repository.fullName)) throw new Error(repository.fullName)
    if (repository && !Number.isSafeInteger(repository.id)) throw new Error(String(repository.id))
    for (const text of [sender, action])
      if (typeof text !== 'string' || text.length > 200) throw new Error(text)
  })
  t.doesNotThrow(() => fc.assert(property))
})

t.test('long texts are cut and bad names left out', async (t) => {
  const long = 'x'.repeat(1000)
  const subject = readSubject(long, long, { action: long, sender: { login: long } })
  for (const text of [subject.guid, subject.event, subject.action, subject.sender]) t.equal(text?.length, 100)
  for (const full_name of ['acme', 'a/b/c', `${long}/x`, 'a b/c', 'acme/', '<b>/<i>', 7, null]) {
    t.equal(readSubject('', '', { repository: { id: 1, full_name } }).repository, undefined)
  }
  for (const id of ['1', 1.5, null, 2 ** 60]) {
    t.equal(readSubject('', '', { repository: { id, full_name: 'acme/shop' } }).repository, undefined)
  }
  t.strictSame(readSubject('', '', JSON.parse('{"__proto__":{"action":"x"}}')), { guid: '', event: '' })
})
