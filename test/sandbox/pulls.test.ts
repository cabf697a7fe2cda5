import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { outcomeOf, startGitHub, statusOf } from './github.ts'

const execute = promisify(execFile)

/** Runs git without this machine's configuration, in a directory that goes with the test. */
async function workTree(t: { teardown: (end: () => Promise<void>) => unknown }) {
  const cwd = await mkdtemp(join(tmpdir(), 'sandbox-test-'))
  t.teardown(() => rm(cwd, { recursive: true, force: true }))
  const identity = {
    GIT_AUTHOR_NAME: 'mona',
    GIT_AUTHOR_EMAIL: 'mona@test',
    GIT_COMMITTER_NAME: 'mona',
    GIT_COMMITTER_EMAIL: 'mona@test',
  }
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...identity,
  }
  const git = async (...args: string[]) => (await execute('git', args, { cwd, env })).stdout.trim()
  return { cwd, git }
}

t.test('merges are real, by each method, and can be cloned', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const { cwd, git } = await workTree(t)
  for (const merge_method of ['merge', 'squash', 'rebase'] as const) {
    const pull = await sandbox.openPullRequest('acme/shop', {
      title: merge_method,
      files: { [merge_method]: 'x\n' },
    })
    const one = { ...repo, pull_number: pull.number }
    t.match((await github.pulls.get(one)).data, { mergeable: true, merged: false })
    const { data } = await github.pulls.merge({ ...one, merge_method, sha: pull.head.sha })
    t.match((await github.pulls.get(one)).data, { state: 'closed', merged: true, merge_commit_sha: data.sha })
  }
  await git('clone', '--quiet', `${sandbox.url}/acme/shop.git`, '.')
  t.equal(await readFile(join(cwd, 'rebase'), 'utf8'), 'x\n')
  const parents = await git('log', '--first-parent', '--format=%p', '-3')
  t.same(
    parents.split('\n').map((line) => line.split(' ').length),
    [1, 1, 2],
  )
  const oldest = await git('rev-list', '--max-parents=0', 'HEAD')
  await git('fetch', '--quiet', '--depth=1', `${sandbox.url}/acme/shop.git`, oldest)
  t.equal(await git('rev-parse', 'FETCH_HEAD'), oldest)
})

t.test('merges are refused as GitHub refuses them', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const clash = await sandbox.openPullRequest('acme/shop', { files: { 'README.md': 'theirs' } })
  await sandbox.push('acme/shop', { files: { 'README.md': 'ours' } })
  const one = { ...repo, pull_number: clash.number }
  t.equal((await github.pulls.get(one)).data.mergeable, false)
  t.equal(await statusOf(github.pulls.merge(one)), 405)
  const pull = await sandbox.openPullRequest('acme/shop', { title: 'Wait for ci' })
  const two = { ...repo, pull_number: pull.number }
  t.equal(await statusOf(github.pulls.merge({ ...two, sha: '0'.repeat(40) })), 409)
  sandbox.requireChecks('acme/shop', 'main', ['ci'])
  t.equal(await statusOf(github.pulls.merge(two)), 405)
  await sandbox.createCommitStatus('acme/shop', pull.head.sha, { state: 'success', context: 'ci' })
  t.equal(await statusOf(github.pulls.merge(two)), 200)
  t.equal(await statusOf(github.pulls.merge(two)), 405)
  t.equal(await statusOf(github.pulls.get({ ...repo, pull_number: 99 })), 404)
})

t.test('what is in the way of a merge is told, and to whoever may go past it, too', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const pull = await sandbox.openPullRequest('acme/shop', { draft: true })
  const one = { ...repo, pull_number: pull.number }
  const state = async () => (await github.pulls.get(one)).data.mergeable_state
  const refusal = async () => (await outcomeOf(github.pulls.merge(one))).data as { message: string }
  t.equal(await state(), 'draft')
  t.match(await refusal(), { message: 'Pull Request is still a draft' })
  sandbox.setDraft('acme/shop', 1, false)
  sandbox.computeSlowly('acme/shop', 1, 1)
  t.equal(await state(), 'unknown')
  t.equal(await state(), 'clean')
  await sandbox.createCommitStatus('acme/shop', pull.head.sha, { state: 'pending' })
  t.equal(await state(), 'unstable')

  sandbox.protectBranch('acme/shop', 'main', { reviews: 1, strict: true })
  t.equal(await state(), 'blocked')
  t.match(await refusal(), { message: /^At least 1 approving review is required/ })
  sandbox.setPermission('acme/shop', 'mona', 'write')
  const { id } = await sandbox.review('acme/shop', 1, 'APPROVED', { user: 'mona' })
  await sandbox.push('acme/shop')
  t.equal(await state(), 'behind')
  sandbox.dismissReview('acme/shop', 1, id)
  t.equal(await state(), 'blocked')

  sandbox.protectBranch('acme/shop', 'main', { mergeQueue: true })
  t.match(await refusal(), { message: 'Changes must be made through the merge queue' })
  sandbox.allowMergeMethods('acme/shop', ['squash'])
  t.match(await refusal(), { message: 'Merge commits are not allowed on this repository.' })
  sandbox.letBypass('acme/shop', true)
  t.equal(await state(), 'blocked')
  t.equal(await statusOf(github.pulls.merge({ ...one, merge_method: 'squash' })), 200)
})

t.test('a pull request from a fork has its own head repository', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const pull = await sandbox.openPullRequest('acme/shop', {
    user: 'mona',
    fork: true,
    files: { 'f.txt': 'f' },
  })
  const { data } = await github.pulls.get({ ...repo, pull_number: pull.number })
  t.match(data, { head: { label: /^mona:/, repo: { full_name: 'mona/shop', fork: true } }, mergeable: true })
  const { data: merged } = await github.pulls.merge({ ...repo, pull_number: pull.number })
  t.equal(sandbox.repository('acme/shop').branches.get('main'), merged.sha)
})

t.test('a push over HTTP needs the token, and moves the pull request', async (t) => {
  const { sandbox } = await startGitHub(t)
  const { cwd, git } = await workTree(t)
  const pull = await sandbox.openPullRequest('acme/shop', { branch: 'topic' })
  await git('clone', '--quiet', '--branch=topic', `${sandbox.url}/acme/shop.git`, '.')
  await writeFile(join(cwd, 'more.txt'), 'more')
  await git('add', '.')
  await git('commit', '--quiet', '--message=More')
  await t.rejects(
    git('push', '--quiet', sandbox.url.replace('//', '//mona:wrong@').concat('/acme/shop.git'), 'topic'),
  )
  await git(
    'push',
    '--quiet',
    sandbox.url.replace('//', `//mona:${sandbox.token}@`).concat('/acme/shop.git'),
    'topic',
  )
  const head = await git('rev-parse', 'HEAD')
  await sandbox.whenever(() => sandbox.pullRequest('acme/shop', pull.number).head.sha === head)
})

t.test('a renamed repository redirects, a deleted one is gone', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  sandbox.renameRepository('acme/shop', 'store')
  const { data } = await github.repos.get(repo)
  t.equal(data.full_name, 'acme/store')
  const headers = { authorization: `token ${sandbox.token}`, 'user-agent': 'test' }
  const answer = await fetch(`${sandbox.apiUrl}/repos/acme/shop/pulls?state=all`, {
    headers,
    redirect: 'manual',
  })
  t.equal(answer.status, 301)
  t.equal(answer.headers.get('location'), `${sandbox.apiUrl}/repositories/${data.id}/pulls?state=all`)
  await sandbox.deleteRepository('acme/store')
  t.equal(await statusOf(github.repos.get(repo)), 404)
})
