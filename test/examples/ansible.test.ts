// The example with Ansible, as its page says: a merge, our worker, a playbook, a real ssh server.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { absent } from '../fixtures/programs.ts'
import { startExample } from './deploy-example.ts'
import { adapt, exampleFile } from './example.ts'
import { startSshServer } from './ssh-server.ts'

const skip = absent('sshd', 'ssh', 'ansible-playbook')
const config = exampleFile('ansible/livraison.yml')
const publishedHost = /app\.shop\.example ssh-ed25519 [^"]+/.exec(config)?.[0] ?? ''

// A playbook takes its time: an interpreter is started on the server for each task.
t.setTimeout(180_000)

const files = {
  version: 'one\n',
  ...Object.fromEntries(
    ['deploy.sh', 'deploy.yml', 'ansible.cfg', 'ssh_config'].map((name) => [
      `deploy/${name}`,
      exampleFile(`ansible/${name}`),
    ]),
  ),
}

async function startShop(t: Test) {
  const server = await startSshServer(t)
  const adapted = adapt(config, {
    [publishedHost]: server.knownHosts,
    'SSH_HOST: app.shop.example': 'SSH_HOST: 127.0.0.1',
    'SSH_USER: deploy': `SSH_USER: ${server.user}`,
    'SSH_PORT: "22"': `SSH_PORT: "${server.port}"`,
    '/srv/shop': server.root,
    'sudo -n systemctl restart shop': 'cp current/version running',
    'curl -fsS --retry 10 --retry-connrefused http://127.0.0.1:8080/healthz':
      '"! grep broken running || { echo It does not answer. >&2; false; }"',
    'KEEP_RELEASES: "5"': `KEEP_RELEASES: "2"\n          ANSIBLE_REMOTE_TMP: ${server.root}/tmp`,
  })
  const example = await startExample(t, {
    config: adapted,
    files,
    environment: { SHOP_SSH_KEY: server.key },
  })
  const read = (name: string) => readFileSync(join(server.root, name), 'utf8')
  const releases = () => readdirSync(join(server.root, 'releases')).sort()
  return { ...example, server, read, releases }
}

t.test(
  'a merge is unpacked, switched to and restarted; what does not come up is undone',
  { skip },
  async (t) => {
    const { deploy, deployAgain, server, read, releases } = await startShop(t)
    const first = await deploy()
    t.match(first, { state: 'success', description: /^Deployed [0-9a-f]{7} to production/ })
    t.equal(read('current/version'), 'one\n')
    t.equal(read('running'), 'one\n')
    t.notOk(existsSync(join(server.root, 'current/.git')))

    const broken = await deploy({ version: 'broken\n' })
    t.match(broken, {
      state: 'failure',
      description: /Check failed, and releases\/[0-9a-f]{40} is current again: It does not answer\.$/,
    })
    t.equal(read('current/version'), 'one\n')
    t.equal(read('running'), 'one\n')

    t.match(
      await deployAgain(first.sha),
      { state: 'success', log: /Unpack the release\W+skipping/ },
      'once more',
    )
    t.equal(read('running'), 'one\n')
    t.strictSame(releases(), [first.sha, broken.sha].sort())
  },
)

t.test('a server that is not there', { skip }, async (t) => {
  const { deploy, server } = await startShop(t)
  await server.stop()
  t.match(await deploy(), {
    state: 'failure',
    description: /^Exit status 1: ssh: connect to host 127\.0\.0\.1 port \d+: Connection refused$/,
  })
  t.strictSame(readdirSync(server.root), [])
})
