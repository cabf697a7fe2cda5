import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withoutNpm } from '../../../../worker/executors/command/environment.ts'
import { startBench } from './bench.ts'

t.test('a command runs in a fresh work tree of exactly the commit', async (t) => {
  const { run, sha, sandbox } = await startBench(t, { files: { 'README.md': '# one\n' } })
  const first = sha()
  await sandbox.push('acme/shop', { files: { 'README.md': '# two\n' } })
  const deployment = { sha: first }
  const { state, lines } = await run('cat README.md; git rev-parse HEAD; git status --short', { deployment })
  t.equal(state, 'success')
  t.match(lines[0], /^Checked out acme\/shop at [0-9a-f]{7} in [\d.]+ s \(fetched\)\.$/)
  t.strictSame(lines.slice(1), ['$ cat README.md; git rev-parse HEAD; git status --short', '# one', first])
  t.match(
    (await run('ls', { deployment })).lines.slice(2),
    ['README.md'],
    'nothing is left of an earlier run',
  )
})

t.test('its environment is what is allowed, and no more', async (t) => {
  const host = {
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    TZ: 'Asia/Tokyo',
    HTTPS_PROXY: 'http://u:p@h',
  }
  const { run, sha, directory } = await startBench(t, { workspace: { hostEnv: host } })
  const { lines } = await run('env', { env: { TARGET: 'shop.internal', TZ: 'UTC' } })
  const env = Object.fromEntries(
    lines
      .slice(2)
      .filter((line) => /^\w+=/.test(line))
      .map((line) => line.split('=', 2) as [string, string])
      // tap adds its own to each process that a test starts.
      .filter(([name]) => !/^(_TAPJS_|NODE_OPTIONS)/.test(name)),
  )
  const { HOME, TMPDIR, PAYLOAD_FILE, PWD, PATH, ...rest } = env
  for (const path of [HOME, TMPDIR, PAYLOAD_FILE, PWD]) t.ok(path?.startsWith(join(directory, 'runs')))
  t.equal(PATH, withoutNpm(host.PATH))
  t.strictSame(rest, {
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    TARGET: 'shop.internal',
    SHA: sha(),
    REF: 'main',
    BRANCH: 'main',
    ENVIRONMENT: 'production',
    DEPLOY_ENV: 'production',
    TASK: 'deploy',
    DEPLOY_TASK: 'deploy',
    REPOSITORY: 'acme/shop',
    DEPLOYMENT_ID: '42',
    CREATOR: 'octocat',
  })
})

t.test("npm's own directories are not in its PATH", async (t) => {
  const bin = t.testdir({ node_modules: { '.bin': {} }, 'node-gyp-bin': {}, tools: {} })
  const own = [`${bin}/node_modules/.bin`, `${bin}/node_modules/.bin/`, `${bin}/node-gyp-bin`]
  for (const directory of [own[0], own[2], `${bin}/tools`]) {
    writeFileSync(`${directory}/whose`, `#!/bin/sh\necho ${directory}\n`, { mode: 0o755 })
  }
  const PATH = [...own, `${bin}/tools`, '/usr/bin', '/bin'].join(':')
  const { run } = await startBench(t, { workspace: { hostEnv: { PATH } } })
  t.equal(
    (await run('whose; echo "$PATH"')).lines.slice(2).join(' '),
    `${bin}/tools ${bin}/tools:/usr/bin:/bin`,
  )
  const asConfigured = await run('echo "$PATH"', { env: { PATH } })
  t.equal(asConfigured.lines.at(-1), PATH, 'unless the configuration says so')
  t.equal(withoutNpm('/srv/node_modules:/opt/x/.bin:/usr/bin'), '/srv/node_modules:/opt/x/.bin:/usr/bin')
})

t.test('the payload is in a file, and sets nothing', async (t) => {
  const { run } = await startBench(t)
  const known = await run('cat "$PAYLOAD_FILE"')
  t.same(JSON.parse(known.lines.at(-1) ?? ''), {
    environment: 'production',
    deploy_user: 'hubot',
    pull_request: 7,
  })
  const hostile = { PATH: '/nowhere', LD_PRELOAD: '/tmp/evil.so', env: { PATH: '/nowhere' } }
  const whole = await run('cat "$PAYLOAD_FILE"; echo; env', { payload: hostile })
  t.same(JSON.parse(whole.lines[2] ?? ''), hostile)
  t.notMatch(whole.lines.slice(3).join('\n'), /nowhere|LD_PRELOAD/)
})

const oddities = [
  "it's; touch PWNED",
  '$(touch PWNED)',
  '`touch PWNED`',
  '"; touch PWNED; "',
  '--upload-pack=touch PWNED',
  '-rf',
  'a\ntouch PWNED\nb',
  '../../etc/passwd',
  '日本 \u202e\u001b[31m',
]

t.test('names from outside are values and nothing else', async (t) => {
  const { run } = await startBench(t)
  for (const odd of oddities) {
    const deployment = { ref: odd, environment: odd, task: odd, creator: odd }
    const command = 'printf "%s|" "$REF" "$ENVIRONMENT" "$TASK" "$CREATOR" "$BRANCH" "$DEPLOY_ENV"; ls -A'
    const { state, description, lines } = await run(command, { deployment })
    t.equal(state, 'success', description)
    t.equal(lines.slice(2).join('\n'), `${`${odd}|`.repeat(6)}.git\nREADME.md`)
    t.notMatch(description, /[\p{Cc}\p{Cf}]/u, 'nor do they break the description')
  }
})

t.test('a name that no environment can carry is refused in words', async (t) => {
  const { run } = await startBench(t)
  await t.rejects(run('true', { deployment: { ref: 'a\0b' } }), {
    message: 'The value of REF holds a zero byte: no command can get it.',
  })
})

t.test('what is no sha or no name of a repository is not given to git', async (t) => {
  const { run } = await startBench(t)
  for (const sha of ['main', '--upload-pack=x', '', '0123abc', `${'a'.repeat(40)}\n`]) {
    await t.rejects(run('true', { deployment: { sha } }), { message: /is not a full commit sha/ })
  }
  for (const name of ['../shop', '..', '.', '', 'a b', 'shop\n', '-x/..']) {
    await t.rejects(run('true', { repository: { name } }), { message: /is no repository's name/ })
  }
})

t.test('how a command ended is told in words', async (t) => {
  const { run } = await startBench(t)
  const tell = async (command: string, options = {}) => {
    const { state, description } = await run(command, options)
    return `${state}: ${description}`
  }
  t.match(await tell('true'), /^success: Deployed [0-9a-f]{7} to production in 0\.\d s\.$/)
  t.equal(await tell('exit 3'), 'failure: Exit status 3.')
  t.equal(await tell('echo one; echo; echo two >&2; exit 1'), 'failure: Exit status 1: one | two')
  t.equal(
    await tell('printf "\\033[31mno \\033[0msuch host\\n"; exit 9'),
    'failure: Exit status 9: no such host',
  )
  t.equal(await tell('echo bye; kill -9 $$'), 'failure: The command was killed by SIGKILL: bye')
  t.match(await tell('no-such-program'), /^failure: Exit status 127: .*no-such-program.*not found$/)
  t.equal(
    await tell('echo half; sleep 60', { timeoutMs: 300 }),
    'failure: Stopped after 0.3 s, its time limit: half',
  )
  t.equal(await tell('sleep 60', { inactivityMs: 300 }), 'failure: Stopped after 0.3 s without output.')
  const long = await tell('printf "%0300d\\n" 0; exit 1')
  t.equal([...long.slice('failure: '.length)].length, 140)
})

t.test('output keeps the time for silence from running out', async (t) => {
  const { run } = await startBench(t)
  const { state } = await run('for i in 1 2 3 4 5 6; do sleep 0.15; echo $i; done', { inactivityMs: 600 })
  t.equal(state, 'success')
})

t.test('a run that is stopped from outside rejects with the reason and leaves nothing', async (t) => {
  const { run, directory } = await startBench(t)
  const stop = new AbortController()
  const running = run('echo here; trap "echo asked to end; exit 0" TERM; sleep 60 & wait', {
    signal: stop.signal,
    onLine: (line) => line === 'here' && stop.abort(new Error('cancelled')),
  })
  await t.rejects(running, { message: 'cancelled' })
  t.strictSame(readdirSync(join(directory, 'runs')), [])
  await t.rejects(run('true', { signal: stop.signal }), { message: 'cancelled' }, 'nor does it begin')
})

t.test('secrets and the token are masked, in the log and in the description', async (t) => {
  const { run } = await startBench(t, { workspace: { token: () => 'ghs_0123456789' } })
  const { description, lines } = await run(
    'printf "key hun"; sleep 0.1; echo ter2; echo ghs_0123456789; echo "$KEY" >&2; exit 1',
    { env: { KEY: 'hunter2' }, secrets: ['hunter2'] },
  )
  t.strictSame(lines.slice(2), ['key ***', '***', '***'])
  t.equal(description, 'Exit status 1: key *** | *** | ***')
  t.equal((await run('echo hunter2; exit 1', { secrets: ['hunter2'] })).lines[1], '$ echo ***; exit 1')
})

t.test('the work tree and all that is with it go, whatever the command did to it', async (t) => {
  const { run, directory } = await startBench(t)
  const command = `
    mkdir -p locked/in && touch locked/in/file && chmod 0 locked/in locked
    ln -s /etc outside; ln -s . loop; mkdir -- "-rf" "a
b"; touch "$HOME/x" "$TMPDIR/y"`
  const { state } = await run(command)
  t.equal(state, 'success')
  t.strictSame(readdirSync(join(directory, 'runs')), [])
})

t.test('both streams are in the order in which they were written', async (t) => {
  const { run } = await startBench(t)
  const { lines } = await run('for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done')
  t.strictSame(
    lines.slice(2),
    [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((i) => [`out ${i}`, `err ${i}`]),
  )
  const reopened = await run(
    'echo one > /dev/stdout; echo two > /dev/stderr; echo three | tee /dev/stderr >/dev/null',
  )
  t.strictSame(reopened.lines.slice(2), ['one', 'two', 'three'])
})
