import t from 'tap'
import { waitsForWords } from '../../../../src/approvals/judge.ts'
import { buttonOf, buttonsOf } from '../../../../src/chat/slack/buttons.ts'
import { noticeStates } from '../../../../src/notices/notice.ts'
import { someNotice } from '../../../fixtures/notices.ts'

const rules = (required: number) => ({ required, from: ['octocat'], expireMs: 1000, withinMs: 1000 })
const labels = (changes: object) =>
  buttonsOf(someNotice({ deployment: 7, ...changes }))?.elements.map(({ text }) => text.text)

t.test('each state offers what may be done then', async (t) => {
  const offered = Object.fromEntries(noticeStates.map((state) => [state, labels({ state, description: '' })]))
  t.same(offered, {
    pending: ['Cancel'],
    queued: ['Cancel'],
    in_progress: ['Cancel'],
    success: ['Roll back'],
    failure: ['Roll back'],
    error: undefined,
    inactive: undefined,
    skipped: undefined,
  })
  for (const required of [1, 3]) {
    const description = waitsForWords(rules(required), [], Date.UTC(2030, 1))
    t.same(labels({ state: 'queued', description }), ['Approve', 'Reject', 'Cancel'], description)
  }
  t.equal(labels({ state: 'success', rollbackOf: 6 }), undefined)
  const { deployment: _, ...without } = someNotice({})
  t.equal(buttonsOf({ ...without, state: 'success' }), undefined)
})

t.test('they are as Slack takes them, and are understood when they come back', async (t) => {
  const description = waitsForWords(rules(1), [], Date.UTC(2030, 1))
  const notice = someNotice({ state: 'queued', deployment: 7, description, environment: 'e'.repeat(300) })
  const block = buttonsOf(notice)
  t.ok((block?.block_id.length ?? 0) <= 255)
  for (const { action_id, value, text, confirm } of block?.elements ?? []) {
    t.match(buttonOf(action_id, value), { deployment: 7, repositoryId: notice.repository.id })
    t.ok(text.text.length <= 75)
    if (action_id.endsWith('approve')) continue
    // https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
    t.ok((confirm?.title.text.length ?? 999) <= 100)
    t.ok((confirm?.text.text.length ?? 999) <= 300)
    t.ok((confirm?.confirm.text.length ?? 999) <= 30 && (confirm?.deny.text.length ?? 999) <= 30)
  }
  const ids = block?.elements.map(({ action_id }) => action_id) ?? []
  t.equal(new Set(ids).size, ids.length)
})

t.test('what is no button of ours is none', async (t) => {
  for (const [action, value] of [
    ['livraison:approve', undefined],
    ['livraison:approve', ''],
    ['livraison:approve', '7'],
    ['livraison:approve', '7:1:2'],
    ['livraison:approve', '7:1e3'],
    ['livraison:approve', `${'9'.repeat(16)}:1`],
    ['livraison:override', '7:1'],
    ['livraison:constructor', '7:1'],
    ['approve', '7:1'],
  ] as const) {
    t.equal(buttonOf(action, value), undefined, `${action} ${value}`)
  }
})
