import t from 'tap'
import { groupLanes, summaryOf } from '../../../src/dashboard/grid/select.ts'
import { concerns, liveAddress } from '../../../src/dashboard/live.ts'
import type { Change } from '../../../src/feed/feed.ts'
import type { Lock } from '../../../src/locks/locks.ts'
import type { LaneView } from '../../../src/overview/overview.ts'
import { recordOf } from './records.ts'

const lane = (repositoryId: number, environment: string, more: Partial<LaneView> = {}): LaneView => ({
  repositoryId,
  repository: `acme/r${repositoryId}`,
  environment,
  health: 'deployed',
  waiting: [],
  locks: [],
  freezes: [],
  ...more,
})

const lock: Lock = {
  id: 'l1',
  scope: { kind: 'everything' },
  owner: 'octocat',
  reason: 'holidays',
  since: 0,
  kind: 'hard',
  ownerMayDeploy: false,
}

t.test('lanes are found by words, and by what is the matter', async (t) => {
  const lanes = [
    lane(1, 'staging', { running: recordOf(7) }),
    lane(1, 'production', { health: 'failing' }),
    lane(2, 'production', { locks: [lock], behind: 2 }),
    lane(3, 'production', { behind: 0 }),
  ]
  const found = (words: string, show: Parameters<typeof groupLanes>[2] = 'all') =>
    groupLanes(lanes, words, show).flatMap((group) =>
      group.lanes.map(({ repositoryId, environment }) => `${repositoryId} ${environment}`),
    )
  t.equal(found('').length, 4)
  t.strictSame(found('STAG'), ['1 staging'])
  t.strictSame(found('r2 prod'), ['2 production'])
  t.strictSame(found('', 'active'), ['1 staging'])
  t.strictSame(found('', 'failing'), ['1 production'])
  t.strictSame(found('', 'locked'), ['2 production'])
  t.strictSame(found('', 'behind'), ['2 production'])
  t.strictSame(found('', 'attention'), ['1 staging', '1 production', '2 production'])
  t.strictSame(summaryOf(lanes), {
    text: '4 environments in 3 repositories',
    counts: [
      { text: '1 running', show: 'active' },
      { text: '1 failing', show: 'failing' },
      { text: '1 locked', show: 'locked' },
    ],
  })
})

t.test('of many repositories only those are open where something is the matter', async (t) => {
  const lanes = Array.from({ length: 100 }, (_, index) => lane(index, 'production'))
  lanes[3] = lane(3, 'production', { health: 'failing' })
  const open = groupLanes(lanes, '', 'all').filter(({ isOpen }) => isOpen)
  t.strictSame(
    open.map(({ repository }) => repository),
    ['acme/r3'],
  )
  t.ok(groupLanes(lanes, 'r9', 'all').every(({ isOpen }) => isOpen))
})

t.test('a page hears of what it shows, and of nothing else', async (t) => {
  const change = (more: Partial<Change>): Change => ({ id: '1-0', kind: 'deployment', ...more })
  const own = { repositoryId: 1, environment: 'production', deployment: 7 }
  t.ok(concerns(change(own), {}))
  t.ok(concerns(change(own), { repositoryId: 1, environment: 'production' }))
  t.notOk(concerns(change(own), { repositoryId: 2 }))
  t.notOk(concerns(change(own), { repositoryId: 1, environment: 'staging' }))
  t.notOk(concerns(change(own), { deployment: 8 }))
  t.ok(concerns(change({ kind: 'lock' }), { repositoryId: 1 }), 'what is on everything is about each')
  t.notOk(concerns(change({ kind: 'delivery', repositoryId: 1 }), { repositoryId: 1 }))
  t.ok(concerns(change({ kind: 'delivery', repositoryId: 1 }), { deliveries: true }))
  t.ok(concerns(change({ kind: 'missed' }), { repositoryId: 9 }))
  t.equal(
    liveAddress({ repositoryId: 1, environment: 'a & b' }, '5-0'),
    '/live?after=5-0&repository=1&environment=a+%26+b',
  )
})
