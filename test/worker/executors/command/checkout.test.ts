import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { startAuthenticatingProxy } from './authenticating-proxy.ts'
import { openBenchWorkspace, shop, startBench } from './bench.ts'

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
