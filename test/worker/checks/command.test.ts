import { execFileSync } from 'node:child_process'
import t, { type Test } from 'tap'
import type { CheckRecord } from '../../../src/checks/record.ts'
import type { CheckRules } from '../../../src/config/rules.ts'
import { createCheckCommand } from '../../../worker/checks/command.ts'
import { startAuthenticatingProxy } from '../executors/command/authenticating-proxy.ts'
import { openBenchWorkspace, scratch, shop, startBench } from '../executors/command/bench.ts'

const token = 'ghs_TheTokenOfThisTest0123456789'

const someCheck: CheckRecord = {
  id: 'f'.repeat(24),
  repository: { id: 0, owner: 'acme', name: 'shop' },
  context: 'ci/test',
  pullRequest: 7,
  sha: '',
  ref: 'topic',
  base: 'main',
  fork: false,
  author: 'octocat',
  delivery: 'guid',
  job: 'job',
  acceptedAt: 0,
  state: 'running',
  run: 1,
  begun: 1,
  lost: 0,
}

/** A server that lets nobody in without the token, and a commit of acme/shop there with acme/secrets as submodule. */
async function startPrivate(t: Test) {
  const { sandbox, repository } = await startBench(t)
  await sandbox.createRepository({ owner: 'acme', name: 'secrets', files: { secret: 'the secret\n' } })
  const git = (input: string, ...args: string[]) =>
    execFileSync('git', ['--git-dir', sandbox.repository(shop).gitDir, ...args], { input })
      .toString()
      .trim()
  const modules = git('[submodule "s"]\n\tpath = s\n\turl = ../secrets.git\n', 'hash-object', '-w', '--stdin')
  const secrets = sandbox.repository('acme/secrets').branches.get('main')
  const tree = git(
    `100644 blob ${modules}\t.gitmodules\n160000 commit ${secrets}\ts\n`,
    'mktree',
    '--missing',
  )
  const who = ['-c', 'user.name=stranger', '-c', 'user.email=stranger@sandbox.test']
  const sha = git('', ...who, 'commit-tree', '-m', 'odd', tree)
  const proxy = await startAuthenticatingProxy(t, sandbox.url, token)
  const workspace = await openBenchWorkspace(t, {
    directory: scratch(t),
    serverUrl: proxy.url,
    token: () => token,
  })
  const run = createCheckCommand({ workspace: async () => workspace, secrets: () => [], graceMs: 500 })
  return async (command: string, fork: boolean) => {
    const lines: string[] = []
    const rules: CheckRules = { context: 'ci/test', command, env: {}, timeoutMs: 10_000, forks: true }
    const check = { ...someCheck, repository, sha, fork }
    const { signal } = new AbortController()
    const outcome = await run({ check, rules, signal, log: (line) => void lines.push(line) })
    return { outcome, lines }
  }
}

t.test('the head of a fork cannot have our token fetch what its author may not read', async (t) => {
  const run = await startPrivate(t)
  const { outcome, lines } = await run('cat s/secret', false)
  t.equal(outcome.state, 'success', 'whoever may push may read it')
  t.ok(lines.includes('the secret'))
  await t.rejects(run('cat s/secret', true), { message: /^Could not check out acme\/shop at / })
})
