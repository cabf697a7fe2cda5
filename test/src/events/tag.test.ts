import t from 'tap'
import { decide } from '../../../src/events/decide.ts'
import { type Payload, readExamples } from '../../fixtures/deliveries.ts'
import { testRules } from '../../fixtures/rules.ts'

const { current: rules } = testRules(`repositories:
  codertocat/hello-world:
    environments:
      production: { on: tag, tags: "v*", simulate: 0s }
      "eu@west: 1": { on: tag, simulate: 0s }
      edge: { on: push, simulate: 0s }
`)
const { current: without } = testRules('repositories: { codertocat/*: {} }')
const commit = '6113728f27ae82c7b1a177c8d03f9e96e0adf246'

/** GitHub's own push of a tag, which was made or was deleted. */
function pushed(deleted: boolean, changes: Payload = {}): Payload {
  const found = readExamples()
    .find(({ name }) => name === 'push')
    ?.examples.find((each) => each.ref === 'refs/tags/simple-tag' && each.deleted === deleted)
  if (!found) throw new Error('There is no such example')
  return Object.assign(found, changes)
}

const decided = (payload: Payload) => decide('push', payload, 'guid', rules)
const jobsOf = (payload: Payload) => {
  const decision = decided(payload)
  return decision.outcome === 'jobs' ? decision.jobs : []
}

t.test('a tag that was made or moved is deployed where such tags are', async (t) => {
  t.strictSame(jobsOf(pushed(false)), [
    {
      name: 'start-deployment',
      id: `tag-186853002-${commit}-simple-tag@eu%40west%3A%201`,
      data: {
        repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
        environment: 'eu@west: 1',
        sha: commit,
        description: 'simple-tag',
        deployUser: 'Codertocat',
        tag: 'simple-tag',
        pushedAt: pushed(false).repository.pushed_at * 1000,
        changedAt: new Date(pushed(false).repository.pushed_at * 1000).toISOString(),
        delivery: 'guid',
      },
    },
  ])
  const both = jobsOf(pushed(false, { ref: 'refs/tags/v1', created: false, before: '1'.repeat(40) }))
  t.match(both, [{ data: { environment: 'production' } }, { data: { environment: 'eu@west: 1' } }])
})

t.test('the commit counts, not the object of an annotated tag', async (t) => {
  t.match(jobsOf(pushed(false, { after: 'f'.repeat(40) })), [{ data: { sha: commit } }])
})

t.test('names that differ have jobs that differ, whatever is in them', async (t) => {
  const names = [
    'v1',
    'V1',
    'v1@x',
    'v1:x',
    'v1-x',
    'v1 x',
    '日本',
    '$(id)',
    '\ud800',
    '-',
    '%40',
    'x'.repeat(2000),
  ]
  const ids = names.map((name) => jobsOf(pushed(false, { ref: `refs/tags/${name}` })).at(-1)?.id ?? '')
  t.equal(new Set(ids).size, names.length)
  for (const id of ids) t.notMatch(id, /:/)
})

t.test('what cannot be deployed is ignored with its reason', async (t) => {
  const rows: [Payload, string][] = [
    [pushed(true), 'The tag simple-tag was deleted: there is nothing to deploy.'],
    [
      pushed(false, { head_commit: null }),
      'The tag simple-tag is not of a commit: there is nothing to deploy.',
    ],
  ]
  for (const [payload, reason] of rows) t.strictSame(decided(payload), { outcome: 'ignored', reason })
  t.strictSame(decide('push', pushed(false), 'guid', without), {
    outcome: 'ignored',
    reason: 'No environment of Codertocat/Hello-World deploys tags.',
  })
  t.throws(() => decided(pushed(false, { head_commit: { id: 3 } })), {
    message: /lacks what the job needs: head_commit\.id\./,
  })
})

t.test('a time that is missing, or a text, is taken as it is', async (t) => {
  const at = (pushed_at: unknown) => {
    const payload = pushed(false)
    payload.repository.pushed_at = pushed_at
    const [job] = jobsOf(payload)
    return job?.name === 'start-deployment' ? job.data.pushedAt : 'none'
  }
  t.equal(at('2026-01-02T03:04:05Z'), Date.UTC(2026, 0, 2, 3, 4, 5))
  for (const none of [null, undefined, 'soon']) t.equal(at(none), undefined)
})
