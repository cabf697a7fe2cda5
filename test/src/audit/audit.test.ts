import t from 'tap'
import type { AuditEntry } from '../../../src/audit/audit.ts'
import { openAudit } from '../../../src/audit/open-audit.ts'
import { isError, startReceiver, testAdminToken } from '../../fixtures/receiver.ts'
import { openStores } from '../api/stores.ts'

const entry = (action: string, name: string, repository?: string): Omit<AuditEntry, 'id' | 'at'> => ({
  ...{ action, actor: { kind: 'person', name, face: 'cli' }, outcome: 'done', text: 'It is done.' },
  ...(repository === undefined ? {} : { repository }),
})

t.test('the trail is listed newest first, filtered, in pages, and exported as lines', async (t) => {
  const receiver = await startReceiver(t)
  const { redis } = await openStores(t, receiver)
  const audit = openAudit(redis, receiver.prefix)
  for (let count = 0; count < 5; count++) await audit.note(entry('deploy', 'dora', 'acme/shop'))
  await audit.note(entry('lock', 'ada', 'acme/till'))
  await audit.note(entry('sign-in', 'Ada'))
  const list = async (query: string) => (await receiver.api(`/audit?${query}`)).body
  t.match(await list(''), { entries: { length: 7 }, next: null })
  t.match(await list('actor=ada'), {
    entries: [{ action: 'sign-in', repository: null, at: /Z$/ }, { action: 'lock' }],
  })
  t.match(await list('repository=ACME/shop&action=deploy'), { entries: { length: 5 } })
  const first = await list('limit=3')
  t.match(first, { entries: { length: 3 }, next: /^http:\/\/livraison\.test\/api\/audit\?limit=3&before=\d/ })
  const rest = await list(`limit=10&before=${new URL(String(first.next)).searchParams.get('before')}`)
  t.match(rest, { entries: { length: 4 }, next: null })
  isError(t, await receiver.api('/audit?who=x'), 400, /who means nothing here/)

  const response = await fetch(`${receiver.url}/api/audit?action=deploy`, {
    headers: { authorization: `Bearer ${testAdminToken}`, accept: 'application/x-ndjson' },
  })
  t.match(response.headers.get('content-type'), /^application\/x-ndjson/)
  const lines = (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.equal(lines.length, 5)
  t.match(lines[0], { action: 'deploy', actor: { name: 'dora', face: 'cli' }, repository: 'acme/shop' })
})

t.test('a long trail is exported whole', async (t) => {
  const receiver = await startReceiver(t)
  const { redis } = await openStores(t, receiver)
  const audit = openAudit(redis, receiver.prefix)
  await Promise.all(Array.from({ length: 1200 }, () => audit.note(entry('deploy', 'dora'))))
  const response = await fetch(`${receiver.url}/api/audit`, {
    headers: { authorization: `Bearer ${testAdminToken}`, accept: 'application/x-ndjson' },
  })
  t.equal((await response.text()).trim().split('\n').length, 1200)
})
