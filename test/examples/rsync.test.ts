// The example of a static site, as its page says: a merge, our worker, a real ssh server.
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { absent } from '../fixtures/programs.ts'
import { startExample } from './deploy-example.ts'
import { adapt, exampleFile } from './example.ts'
import { startSshServer } from './ssh-server.ts'

const skip = absent('sshd', 'ssh', 'rsync')
const publishedHost =
  /www\.shop\.example ssh-ed25519 [^"]+/.exec(exampleFile('rsync/livraison.yml'))?.[0] ?? ''

const build =
  '#!/bin/sh\nmkdir -p public/css && cp index.html public && cp style.css public/css && echo built\n'
const files = {
  build,
  'index.html': 'first\n',
  'style.css': 'body {}\n',
  'deploy/deploy.sh': exampleFile('rsync/deploy.sh'),
  'deploy/ssh_config': exampleFile('rsync/ssh_config'),
}

async function startSite(t: Test, change: Record<string, string> = {}) {
  const server = await startSshServer(t)
  const config = adapt(exampleFile('rsync/livraison.yml'), {
    [publishedHost]: change.knownHosts ?? server.knownHosts,
    'deploy@www.shop.example': `${server.user}@127.0.0.1`,
    'SSH_PORT: "22"': `SSH_PORT: "${server.port}"`,
    '/srv/www/shop': change.root ?? server.root,
    'KEEP_RELEASES: "5"': 'KEEP_RELEASES: "2"',
  })
  const example = await startExample(t, { config, files, environment: { SHOP_SSH_KEY: server.key } })
  const live = () => readFileSync(join(server.root, 'current/index.html'), 'utf8')
  const releases = () => readdirSync(join(server.root, 'releases')).sort()
  return { ...example, server, live, releases }
}

t.test('a merge is on the server, and the last releases are kept', { skip }, async (t) => {
  const { deploy, deployAgain, server, live, releases } = await startSite(t)
  const first = await deploy()
  t.match(first, { state: 'success', description: /^Deployed [0-9a-f]{7} to production/ })
  t.equal(live(), 'first\n')
  t.equal(readlinkSync(join(server.root, 'current')), `releases/${first.sha}`)
  t.equal(statSync(join(server.root, 'current/index.html')).mode & 0o777, 0o644, 'whatever the umask here is')
  t.match(first.log, /^built$/m)
  t.notMatch(first.log, server.key.split('\n')[1] as string)

  const second = await deploy({ 'index.html': 'second\n' })
  t.equal(live(), 'second\n')
  const [old, now] = [first, second].map(({ sha }) =>
    statSync(join(server.root, 'releases', sha, 'css/style.css')),
  )
  t.equal(now?.ino, old?.ino, 'what has not changed is not sent again')

  const third = await deploy({ 'index.html': 'third\n' })
  t.strictSame(releases(), [second.sha, third.sha].sort())

  const back = await deployAgain(second.sha)
  t.match(back, { state: 'success', log: new RegExp(`The server has ${second.sha} already`) })
  t.equal(live(), 'second\n')
  const again = await deployAgain(second.sha)
  t.equal(again.state, 'success')
  t.equal(live(), 'second\n')
  t.strictSame(releases(), [second.sha, third.sha].sort())
})

t.test('what goes wrong is said, and the old release stays', { skip }, async (t) => {
  const { deploy, deployAgain, server, live, releases } = await startSite(t)
  const { sha } = await deploy()
  const broken = {
    build: '#!/bin/sh\necho "style.css:3: unexpected }" >&2\nexit 1\n',
    'index.html': 'broken\n',
  }
  t.match(await deploy(broken), {
    state: 'failure',
    description: 'Exit status 1: style.css:3: unexpected }',
  })
  t.match(await deploy({ build: '#!/bin/sh\nmkdir public\n' }), {
    state: 'failure',
    description: 'Exit status 1: There is nothing in public/: has it been built?',
  })
  await server.stop()
  t.match(await deploy({ build }), {
    state: 'failure',
    description: /^Exit status 255: (.* \| )?ssh: connect to host 127\.0\.0\.1 port \d+: Connection refused$/,
  })
  t.equal((await deployAgain(sha)).state, 'failure')
  t.equal(live(), 'first\n')
  t.strictSame(releases(), [sha])
})

t.test('a server with another host key gets nothing', { skip }, async (t) => {
  const other = await startSshServer(t)
  const { deploy, server } = await startSite(t, { knownHosts: other.knownHosts })
  t.match(await deploy(), {
    state: 'failure',
    description: /^Exit status 255: .*Host key verification failed\.$/,
  })
  t.strictSame(readdirSync(server.root), [])
})

t.test('a directory that could become a command is refused', { skip }, async (t) => {
  const { deploy } = await startSite(t, { root: '/srv/$(touch PWNED)' })
  t.match(await deploy(), { state: 'failure', description: /SITE_ROOT may hold letters, digits/ })
})
