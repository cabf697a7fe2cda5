import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startAuthenticatingProxy } from './authenticating-proxy.ts'
import { type Bench, openBenchWorkspace, scratch, shop, startBench } from './bench.ts'

const token = 'ghs_TheTokenOfThisTest0123456789'

const moduleAt = (url: string) => `[submodule "lib"]\n\tpath = lib\n\turl = ${url}\n`

type Files = [mode: string, name: string, content: string][]

/** A commit with these entries in its tree, however odd, written without asking git whether that is wise. */
function commitTree(gitDir: string, files: Files): string {
  const write = (type: string, input: Buffer | string) =>
    execFileSync('git', ['--git-dir', gitDir, 'hash-object', '-w', '--literally', '--stdin', '-t', type], {
      input,
    })
      .toString()
      .trim()
  const entries = files.map(([mode, name, content]) => {
    const id = mode === '160000' ? content : write('blob', content)
    return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])
  })
  const by = 'octocat <octocat@users.noreply.sandbox.test> 1700000000 +0000'
  return write(
    'commit',
    `tree ${write('tree', Buffer.concat(entries))}\nauthor ${by}\ncommitter ${by}\n\nodd\n`,
  )
}

/** A commit of the main branch's .gitmodules with a submodule, whose commit is that of acme/lib or any. */
async function addSubmodule(
  sandbox: Bench['sandbox'],
  path: string,
  commit = '1'.repeat(40),
): Promise<string> {
  const gitDir = sandbox.repository(shop).gitDir
  const modules = execFileSync('git', ['--git-dir', gitDir, 'show', 'main:.gitmodules']).toString()
  return commitTree(gitDir, [
    ['100644', '.gitmodules', modules],
    ['160000', path, commit],
  ])
}

t.test('the token goes to no other server', async (t) => {
  const { sandbox, run } = await startBench(t)
  const other = await startAuthenticatingProxy(t, sandbox.url, 'whatever')
  await sandbox.push(shop, { files: { '.gitmodules': moduleAt(`${other.url}/acme/shop.git`) } })
  const sha = await addSubmodule(sandbox, 'lib')
  await t.rejects(run('true', { deployment: { sha } }), { message: /Could not check out/ })
  t.equal(other.allowed(), 0)
  t.ok(other.refused() > 0)
  t.strictSame(other.credentials(), [])
})

t.test('symbolic links out of the tree are links, and nothing behind them is touched', async (t) => {
  const { run, sandbox } = await startBench(t)
  const outside = scratch(t)
  writeFileSync(join(outside, 'kept'), 'kept')
  const gitDir = sandbox.repository(shop).gitDir
  const sha = commitTree(gitDir, [
    ['120000', 'out', outside],
    ['120000', 'etc', '/etc/passwd'],
    ['120000', '.gitattributes', '/dev/zero'],
  ])
  const { state, lines } = await run('readlink out etc', { deployment: { sha } })
  t.equal(state, 'success')
  t.strictSame(lines.slice(2), [outside, '/etc/passwd'])
  t.equal(readFileSync(join(outside, 'kept'), 'utf8'), 'kept')
})

t.test('a .gitmodules that is a link is refused', async (t) => {
  const { run, sandbox } = await startBench(t)
  const sha = commitTree(sandbox.repository(shop).gitDir, [['120000', '.gitmodules', '/etc/passwd']])
  await t.rejects(run('true', { deployment: { sha } }), { message: /invalid path '.gitmodules'/ })
})

t.test('a commit with a .git of its own is refused', async (t) => {
  const { run, sandbox } = await startBench(t)
  const gitDir = sandbox.repository(shop).gitDir
  for (const name of ['.git', '.GIT', '..']) {
    const sha = commitTree(gitDir, [['100755', name, '#!/bin/sh\ntouch /tmp/PWNED\n']])
    await t.rejects(run('true', { deployment: { sha } }), { message: /^Could not check out/ }, name)
  }
})

t.test('hooks and filters that a repository brings along do not run', async (t) => {
  const script = '#!/bin/sh\ntouch "$(git rev-parse --show-toplevel)/PWNED"\n'
  const { run } = await startBench(t, {
    files: {
      'hooks/post-checkout': script,
      '.githooks/post-checkout': script,
      '.gitattributes': '* filter=evil diff=evil\n',
      '.gitconfig': '[filter "evil"]\n\tsmudge = touch PWNED\n[core]\n\thooksPath = .githooks\n',
      '.lfsconfig': '[lfs]\n\turl = ssh://-oProxyCommand=touch\n',
    },
  })
  t.strictSame((await run('ls -A')).lines.slice(2), [
    '.git',
    '.gitattributes',
    '.gitconfig',
    '.githooks',
    '.lfsconfig',
    'hooks',
  ])
})

t.test('file names of any kind are checked out', async (t) => {
  const names = [
    'a b',
    "it's",
    'semi;colon',
    '$(touch PWNED)',
    '-rf',
    '--',
    'new\nline',
    'ünï',
    '*',
    '\\',
    '"',
  ]
  const { run } = await startBench(t, { files: Object.fromEntries(names.map((name) => [name, 'x\n'])) })
  const { lines } = await run(`find . -path ./.git -prune -o -type f -print0 | tr '\\0' '|'`)
  const found = lines.slice(2).join('\n').split('|').filter(Boolean)
  t.strictSame(found.sort(), names.map((name) => `./${name}`).sort())
})

t.test('submodules are fetched, by http, also where they are named by ssh or relatively', async (t) => {
  const { sandbox, run } = await startBench(t)
  await sandbox.createRepository({ owner: 'acme', name: 'lib', files: { 'lib.txt': 'the library\n' } })
  const lib = sandbox.repository('acme/lib').branches.get('main')
  const proxy = await startAuthenticatingProxy(t, sandbox.url, token)
  const { host } = new URL(proxy.url)
  const workspace = await openBenchWorkspace(t, {
    directory: scratch(t),
    serverUrl: proxy.url,
    token: () => token,
  })
  for (const url of [
    `${proxy.url}/acme/lib.git`,
    `git@${host}:acme/lib.git`,
    `ssh://git@${host}/acme/lib`,
    '../lib.git',
  ]) {
    await sandbox.push(shop, { files: { '.gitmodules': moduleAt(url) } })
    const sha = await addSubmodule(sandbox, 'lib', lib)
    const { lines } = await run('cat lib/lib.txt; grep -r ghs_ .git; true', {
      workspace,
      deployment: { sha },
    })
    t.equal(lines.at(-1), 'the library', url)
  }
})

t.test('a submodule by any other way is refused in words', async (t) => {
  const { sandbox, run } = await startBench(t)
  const pwned = join(scratch(t), 'pwned')
  const gitDir = sandbox.repository(shop).gitDir
  for (const url of [
    `ext::sh -c touch% ${pwned}`,
    `file://${gitDir}`,
    gitDir,
    'ssh://example.invalid/x',
    '-u./x',
  ]) {
    await sandbox.push(shop, { files: { '.gitmodules': moduleAt(url) } })
    const sha = await addSubmodule(sandbox, 'lib')
    const error = await run('true', { deployment: { sha } }).catch((error: Error) => error.message)
    t.match(error, /^Could not check out .*(not allowed|No url found|clone of .* failed)/, url)
    t.notOk(existsSync(pwned))
  }
})
