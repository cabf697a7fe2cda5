import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { startAuthenticatingProxy } from './authenticating-proxy.ts'
import { openBenchWorkspace, scratch, shop, startBench } from './bench.ts'

const token = 'ghs_TheTokenOfThisTest0123456789'

t.test('the token opens a private repository and is nowhere to be seen', async (t) => {
  const { sandbox, run, directory } = await startBench(t)
  const seen = new Set<string>()
  let looked = !existsSync('/proc/self/environ')
  // Each request of git's: what do all processes show meanwhile?
  const proxy = await startAuthenticatingProxy(t, sandbox.url, token, () => {
    for (const where of whereShown(token)) seen.add(where)
    looked ||= whereShown('GIT_ASKPASS=').length > 0
  })
  const workspace = await openBenchWorkspace(t, { directory, serverUrl: proxy.url, token: () => token })
  const { state, lines } = await run(
    `cat .git/config; env; cat /proc/self/environ /proc/self/cmdline | tr '\\0' '\\n'; grep -r ${token.slice(0, 9)} .. ; true`,
    { workspace },
  )
  t.equal(state, 'success')
  t.ok(proxy.allowed() > 0, 'it was asked for the token')
  t.ok(lines.includes(`\turl = ${proxy.url}/acme/shop.git`))
  t.notMatch(lines.slice(2).join('\n'), /ghs_|\*\*\*/)
  t.ok(looked, 'git itself was seen')
  t.strictSame([...seen], [])
  t.equal(spawnSync('grep', ['-r', token, directory]).status, 1, 'nor is it in any file')
})

/** Processes, other than this one, whose command line or environment holds a text. Only Linux lets us look. */
function whereShown(text: string): string[] {
  if (!existsSync('/proc/self/environ')) return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return pids.flatMap((pid) =>
    ['cmdline', 'environ'].filter((what) => readQuietly(`/proc/${pid}/${what}`).includes(text)),
  )
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

t.test('a wrong token is told in words, without the token', async (t) => {
  const { sandbox, run, directory } = await startBench(t)
  const proxy = await startAuthenticatingProxy(t, sandbox.url, token)
  const workspace = await openBenchWorkspace(t, { directory, serverUrl: proxy.url, token: () => 'ghs_wrong' })
  const error = await run('true', { workspace }).catch((error: Error) => error.message)
  t.match(error, /^Could not check out acme\/shop at [0-9a-f]{7}: .*Authentication failed/)
  t.notMatch(error, /ghs_/)
  t.strictSame(readdirSync(join(directory, 'runs')), [])
})

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

t.test('a commit that is not there is told in words', async (t) => {
  const { run } = await startBench(t)
  await t.rejects(run('true', { deployment: { sha: 'f'.repeat(40) } }), {
    message: /^Could not check out acme\/shop at fffffff: .*not our ref/,
  })
  await t.rejects(run('true', { repository: { id: 5, name: 'nothing' } }), {
    message: /^Could not check out acme\/nothing at [0-9a-f]{7}: .*not found/,
  })
})

t.test('a server that cannot be reached is told in words, and the cache stays', async (t) => {
  const { sandbox, run, directory, sha } = await startBench(t)
  await run('true')
  const first = sha()
  await sandbox.push(shop)
  sandbox.faults.add({ operation: 'git', answer: { status: 503 } })
  await t.rejects(run('true'), { message: /^Could not check out .* 503/ })
  t.match((await run('true', { deployment: { sha: first } })).lines[0], /\(from the cache\)/)
  t.strictSame(readdirSync(join(directory, 'runs')), [])
})

t.test(
  'a commit that the cache has is not fetched again; a later one only as far as it differs',
  async (t) => {
    const { sandbox, run, sha } = await startBench(t)
    const deployment = { sha: sha() }
    t.match((await run('true')).lines[0], /\(fetched\)/)
    t.match((await run('true')).lines[0], /\(from the cache\)/)
    await sandbox.push(shop, { files: { 'new.txt': 'new\n' } })
    const later = await run('ls; git rev-list --count HEAD')
    t.match(later.lines, [/\(fetched\)/, /./, 'README.md', 'new.txt', '1'])
    t.match((await run('ls', { deployment })).lines, [/\(from the cache\)/, /./, 'README.md'])
  },
)

t.test(
  'a server that says nothing is not waited for longer than is allowed, or than is wanted',
  async (t) => {
    const { run, directory } = await startBench(t)
    const server = createServer(() => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.teardown(() => {
      server.closeAllConnections()
      server.close()
    })
    const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const options = { directory, serverUrl }
    const workspace = await openBenchWorkspace(t, { ...options, checkoutLimitMs: 500 })
    await t.rejects(run('true', { workspace }), {
      message: /^Could not check out acme\/shop at [0-9a-f]{7}: it took longer than 0\.5 s$/,
    })
    const stop = new AbortController()
    server.once('request', () => stop.abort(new Error('cancelled')))
    const patient = await openBenchWorkspace(t, options)
    await t.rejects(run('true', { workspace: patient, signal: stop.signal }), { message: 'cancelled' })
    t.strictSame(readdirSync(join(directory, 'runs')), [])
  },
)

t.test('a mirror that is broken is begun anew', async (t) => {
  const { sandbox, run, directory, repository } = await startBench(t)
  await run('true')
  const mirror = join(directory, 'mirrors', `${repository.id}.git`)
  // As a git that was killed leaves it.
  writeFileSync(join(mirror, 'shallow.lock'), '')
  await sandbox.push(shop)
  t.equal((await run('git fsck')).state, 'success')
  rmSync(join(mirror, 'objects'), { recursive: true })
  t.equal((await run('git fsck')).state, 'success')
  mkdirSync(join(mirror, 'x'))
  rmSync(join(mirror, 'HEAD'))
  t.equal((await run('git fsck')).state, 'success')
})

t.test('what a command does to its repository does not come back', async (t) => {
  const { run, sandbox } = await startBench(t)
  const sabotage = `
    git config core.hooksPath "$PWD/evil"; git config core.fsmonitor "touch PWNED"
    mkdir evil; printf '#!/bin/sh\\ntouch PWNED\\n' > evil/post-checkout; chmod +x evil/*
    cp evil/post-checkout .git/hooks/ 2>/dev/null; git update-ref refs/heads/evil HEAD
    rm -f .git/objects/pack/*; git config --global alias.status '!touch PWNED'`
  t.equal((await run(sabotage)).state, 'success')
  t.strictSame((await run('ls -A; git for-each-ref')).lines.slice(2), ['.git', 'README.md'])
  await sandbox.push(shop)
  t.notMatch((await run('ls -AR; git fsck')).lines, [/PWNED/])
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
  sandbox: Awaited<ReturnType<typeof startBench>>['sandbox'],
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

t.test('a repository of a hundred files starts within a second from a warm cache', async (t) => {
  const files = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [
      `src/dir-${i % 10}/file-${i}.ts`,
      `export const n${i} = ${i}\n`.repeat(40),
    ]),
  )
  const { sandbox, run } = await startBench(t, { files })
  await run('true')
  await sandbox.push(shop, { files: { 'src/dir-1/file-1.ts': 'changed\n' } })
  for (const what of ['a new commit', 'a known commit']) {
    const began = performance.now()
    let startedAt = 0
    await run('echo started', {
      onLine: (line) => {
        if (line === 'started') startedAt = performance.now()
      },
    })
    const ms = Math.round(startedAt - began)
    t.comment(
      `${what}: the command began after ${ms} ms, the run took ${Math.round(performance.now() - began)} ms`,
    )
    t.ok(startedAt > 0 && ms < 1000, `${ms} ms`)
  }
})

t.test('runs leave no open files behind', async (t) => {
  const { run } = await startBench(t)
  const count = () => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0)
  for (let i = 0; i < 3; i++) await run('true')
  const before = count()
  for (let i = 0; i < 10; i++) await run('sleep 100 & true')
  t.ok(count() <= before + 3, `${before} before, ${count()} after`)
})
