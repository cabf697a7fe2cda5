// Whether a pull request may be merged: what is the way it should be, and then one thing that is not.
import t from 'tap'
import { decideMerge, type MergeFacts, type Pull, whyOver } from '../../../src/merging/decide-merge.ts'

const pull: Pull = {
  number: 12,
  open: true,
  merged: false,
  mergedBy: undefined,
  draft: false,
  mergeable: true,
  mergeableState: 'clean',
  sha: 'a'.repeat(40),
  base: 'main',
  fork: false,
  labels: ['automerge'],
  autoMerge: false,
}
const ask = { how: 'label', by: 'mona', sha: pull.sha, base: 'main', at: 1 } as const
const branch: MergeFacts['branch'] = {
  checks: [],
  approvals: 0,
  dismissesStale: false,
  mergeQueue: false,
  methods: undefined,
  hidden: false,
}
const ready: MergeFacts = {
  repository: 'acme/shop',
  rules: { label: 'automerge', method: undefined },
  ask,
  pull,
  ci: { statuses: [{ context: 'ci/test', state: 'success' }], checkRuns: [] },
  ownChecks: [],
  branch,
  opinions: [],
  methods: ['merge', 'squash', 'rebase'],
  headSeenMs: 0,
}
const run = (name: string, conclusion: string | null, app = '1', id = 1) => ({
  id,
  app,
  name,
  status: conclusion === null ? 'in_progress' : 'completed',
  conclusion,
})
const withPull = (changes: Partial<Pull>) => ({ pull: { ...pull, ...changes } })
const withBranch = (changes: Partial<MergeFacts['branch']>) => ({ branch: { ...branch, ...changes } })
const approval = (by: string, changes = {}) => ({
  by,
  approves: true,
  sha: pull.sha,
  mayWrite: true,
  ...changes,
})
const again = 'take the label automerge off and put it on again'

const merged: [what: string, changes: Partial<MergeFacts>, method: string][] = [
  ['nothing is missing', {}, 'merge'],
  ['no checks at all', { ci: { statuses: [], checkRuns: [] } }, 'merge'],
  ['a skipped check', { ci: { statuses: [], checkRuns: [run('docs', 'skipped')] } }, 'merge'],
  ['the method that is configured', { rules: { label: 'automerge', method: 'rebase' } }, 'rebase'],
  ['the first that the repository allows', { methods: ['rebase', 'squash'] }, 'squash'],
  ['what the repository allows is not shown', { methods: undefined }, 'merge'],
  ['what the branch allows', withBranch({ methods: ['rebase'] }), 'rebase'],
  ['our own check, wanted and green', { ownChecks: ['CI/test'] }, 'merge'],
  ['required, by any app', withBranch({ checks: [{ context: 'ci/test', appId: undefined }] }), 'merge'],
  [
    'required of an app',
    {
      ...withBranch({ checks: [{ context: 'build', appId: 7 }] }),
      ci: { statuses: [], checkRuns: [run('build', 'success', '7')] },
    },
    'merge',
  ],
  ['unstable, by checks that are green by now', withPull({ mergeableState: 'unstable' }), 'merge'],
  ['hooks of a server', withPull({ mergeableState: 'has_hooks' }), 'merge'],
  ['from a fork, at the commit that was labelled', withPull({ fork: true }), 'merge'],
  ['no ask known, in the repository itself', { ask: undefined }, 'merge'],
  [
    'approved as often as required',
    { ...withBranch({ approvals: 1 }), opinions: [approval('mona')] },
    'merge',
  ],
  [
    'an approval of an earlier commit, that is not dismissed',
    { ...withBranch({ approvals: 1 }), opinions: [approval('mona', { sha: 'old' })] },
    'merge',
  ],
  [
    'one that GitHub had time to dismiss',
    {
      ...withBranch({ approvals: 1, dismissesStale: true }),
      opinions: [approval('mona', { sha: 'old' })],
      headSeenMs: 60_000,
    },
    'merge',
  ],
  [
    'changes requested by somebody who may not write',
    { opinions: [approval('stranger', { approves: false, mayWrite: false })] },
    'merge',
  ],
]

const waiting: [what: string, changes: Partial<MergeFacts>, ...reasons: string[]][] = [
  ['pending', { ci: { statuses: [], checkRuns: [run('build', null)] } }, 'build (in_progress)'],
  ['red', { ci: { statuses: [], checkRuns: [run('build', 'cancelled')] } }, 'build (cancelled)'],
  [
    'red, although it is not required',
    {
      ...withBranch({ checks: [{ context: 'a', appId: undefined }] }),
      ci: {
        statuses: [
          { context: 'a', state: 'success' },
          { context: 'b', state: 'failure' },
        ],
        checkRuns: [],
      },
    },
    'b (failure)',
  ],
  ['our own check is not there yet', { ownChecks: ['livraison/test'] }, 'livraison/test (not reported)'],
  [
    'what is required, by two rules, is not there',
    withBranch({
      checks: [
        { context: 'lint', appId: undefined },
        { context: 'Lint', appId: undefined },
      ],
    }),
    'Lint (not reported)',
  ],
  [
    'required of one app, made by another',
    {
      ...withBranch({ checks: [{ context: 'build', appId: 7 }] }),
      ci: { statuses: [], checkRuns: [run('build', 'success', '8')] },
    },
    'build (not reported by app 7)',
  ],
  ['a draft', withPull({ draft: true, mergeableState: 'draft' }), 'it is a draft'],
  ["GitHub's auto-merge", withPull({ autoMerge: true }), "GitHub's own auto-merge is on, and merges it"],
  ['a conflict', withPull({ mergeable: false, mergeableState: 'dirty' }), 'it conflicts with main'],
  [
    'not known yet',
    withPull({ mergeable: null, mergeableState: 'unknown' }),
    'GitHub is working out whether it can be merged',
  ],
  [
    'known, but not why not',
    withPull({ mergeableState: 'unknown' }),
    'GitHub is working out whether it can be merged',
  ],
  [
    'behind',
    withPull({ mergeableState: 'behind' }),
    'main has moved on and takes only branches that are up to date with it: update the branch',
  ],
  [
    'blocked, by what we cannot see',
    withPull({ mergeableState: 'blocked' }),
    'something that main asks for is missing, such as a review, a resolved conversation or a signature.',
  ],
  [
    'blocked, and the protection is not shown',
    { ...withPull({ mergeableState: 'blocked' }), ...withBranch({ hidden: true }) },
    "something that main asks for is missing, such as a review, a resolved conversation or a signature. The token may not read the branch's protection to say which.",
  ],
  [
    'blocked, by what we can see',
    {
      ...withPull({ mergeableState: 'blocked' }),
      ...withBranch({ approvals: 2 }),
      opinions: [approval('mona')],
    },
    '1 more approval',
  ],
  ['a state of the future', withPull({ mergeableState: 'novel' }), 'GitHub calls it novel'],
  [
    'approvals of those who may not write',
    { ...withBranch({ approvals: 2 }), opinions: [approval('a', { mayWrite: false })] },
    '2 more approvals',
  ],
  [
    'changes requested, where no review is required',
    { opinions: [approval('hubot', { approves: false })] },
    'hubot requested changes',
  ],
  [
    'an approval that GitHub may be about to dismiss',
    {
      ...withBranch({ approvals: 1, dismissesStale: true }),
      opinions: [approval('mona', { sha: 'old' })],
      headSeenMs: 59_999,
    },
    '1 more approval',
    'what was approved before the last push counts in a minute, unless GitHub dismisses it',
  ],
  [
    'a merge queue, whatever else',
    { ...withBranch({ mergeQueue: true }), ...withPull({ draft: true }) },
    'the merge queue of main merges it, once somebody adds it there',
  ],
  [
    'pushed to a fork since',
    { ...withPull({ fork: true }), ask: { ...ask, sha: 'old' } },
    `it comes from a fork and was pushed to after mona asked: ${again}`,
  ],
  [
    'a fork, and nobody knows when it was labelled',
    { ...withPull({ fork: true }), ask: undefined },
    `it comes from a fork, and nothing told us which of its commits it was labelled at: ${again}`,
  ],
  [
    'another base',
    { ask: { ...ask, base: 'next' } },
    `its base is main and was next when mona asked: ${again}`,
  ],
  [
    'a method that is not allowed',
    { rules: { label: 'automerge', method: 'squash' }, methods: ['merge', 'rebase'] },
    'squash is not allowed in acme/shop, merge and rebase are: change merge.method in livraison.yml, or the settings at GitHub',
  ],
  [
    'no method left',
    { methods: ['merge'], ...withBranch({ methods: ['squash', 'rebase'] }) },
    'acme/shop and its branch allow no method in common',
  ],
  [
    'several things, and all are told',
    {
      ...withPull({ draft: true, mergeable: false }),
      ci: { statuses: [{ context: 'a', state: 'pending' }], checkRuns: [] },
    },
    'it is a draft',
    'a (pending)',
    'it conflicts with main',
  ],
]

t.test('what is merged, at the very head that was judged', async (t) => {
  for (const [what, changes, method] of merged) {
    t.strictSame(decideMerge({ ...ready, ...changes }), { do: 'merge', sha: pull.sha, method }, what)
  }
})

t.test('what waits, and for what', async (t) => {
  for (const [what, changes, ...reasons] of waiting) {
    t.strictSame(decideMerge({ ...ready, ...changes }), { do: 'wait', reasons }, what)
  }
})

t.test('what is over, and why', async (t) => {
  const rules = ready.rules
  const command = { ...ask, how: 'command' } as const
  t.equal(whyOver(pull, rules, ask), undefined)
  t.equal(whyOver({ ...pull, labels: ['AutoMerge'] }, rules, ask), undefined, 'whatever the case')
  t.equal(whyOver({ ...pull, labels: [] }, rules, ask), 'it does not carry the label automerge any more')
  t.equal(whyOver({ ...pull, labels: [] }, rules, command), undefined, 'a command asks, too')
  t.equal(whyOver(pull, { ...rules, label: undefined }, ask), 'nobody asks for it')
  t.equal(whyOver(pull, undefined, ask), 'livraison.yml has no `merge` for its repository any more')
  t.equal(whyOver({ ...pull, open: false }, rules, ask), 'it was closed without being merged')
  const done = { ...pull, open: false, merged: true }
  t.equal(whyOver(done, rules, ask), 'it is merged')
  t.equal(whyOver({ ...done, mergedBy: 'octocat' }, rules, ask), 'it is merged, by octocat')
})
