import t from 'tap'
import { lastWords } from '../../../src/merging/reviews.ts'

const review = (id: number, by: string, state: string, sha: string | null = 'sha') => ({ id, by, state, sha })

t.test('the last word of each reviewer counts', async (t) => {
  t.strictSame(
    lastWords([
      review(3, 'mona', 'APPROVED'),
      review(1, 'mona', 'CHANGES_REQUESTED'),
      review(2, 'hubot', 'APPROVED', null),
    ]),
    [
      { by: 'mona', approves: true, sha: 'sha' },
      { by: 'hubot', approves: true, sha: null },
    ],
    'in the order of time, not of the list',
  )
})

t.test(
  'a comment changes nothing, a dismissal takes it back, and nothing before it comes to life again',
  async (t) => {
    t.strictSame(lastWords([review(1, 'mona', 'APPROVED'), review(2, 'Mona', 'COMMENTED')]), [
      { by: 'mona', approves: true, sha: 'sha' },
    ])
    t.strictSame(lastWords([review(1, 'mona', 'APPROVED'), review(2, 'mona', 'DISMISSED')]), [])
    t.strictSame(lastWords([review(1, 'mona', 'PENDING'), review(2, '', 'APPROVED')]), [])
  },
)
