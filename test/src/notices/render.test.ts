import t from 'tap'
import { type NoticeState, noticeStates } from '../../../src/notices/notice.ts'
import { plainText } from '../../../src/notices/plain-text.ts'
import { render } from '../../../src/notices/render.ts'
import { someNotice } from '../../fixtures/notices.ts'

function wordsFor(state: NoticeState, changes = {}): string[] {
  const { title, lines } = render(someNotice({ state, ...changes }), {})
  return [title, ...lines].map(plainText)
}
for (const s of noticeStates) console.log(s, wordsFor(s).join('\n'))
t.pass()
