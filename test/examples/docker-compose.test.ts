// The example with Docker Compose, as its page says: a merge, our worker, a real engine, where there is one.
import { spawnSync } from 'node:child_process'
import t, { type Test } from 'tap'
import { findCompose } from '../../scripts/compose/docker.ts'
import { freePort } from '../../scripts/free-port.ts'
import { eventually } from '../fixtures/fleet.ts'
import { startExample } from './deploy-example.ts'
import { adapt, exampleFile } from './example.ts'

t.setTimeout(300_000)
const skip = whyNot()

function whyNot(): string | false {
  const found = findCompose()
  if ('missing' in found) return found.missing
  return found.command[0] === 'docker' ? false : 'there is docker-compose here, but not `docker compose`'
}

const server = (answer: string, status = 200) => `
import { createServer } from 'node:http'
createServer((request, response) => {
  response.writeHead(request.url === '/healthz' ? ${status} : 200).end('${answer}')
}).listen(8080, () => console.log('${answer} listens'))
`
const dockerfile = 'FROM node:22-bookworm-slim\nCOPY server.mjs .\nCMD ["node", "server.mjs"]\n'
const files = {
  Dockerfile: dockerfile,
  'server.mjs': server('one'),
  'deploy/deploy.sh': exampleFile('docker-compose/deploy.sh'),
  'deploy/compose.yml': exampleFile('docker-compose/compose.yml'),
}

async function startShop(t: Test) {
  const [project, port] = [`livraison-example-${process.pid}`, await freePort()]
  const config = adapt(exampleFile('docker-compose/livraison.yml'), {
    'PROJECT: shop': `PROJECT: ${project}`,
    'IMAGE: shop': `IMAGE: ${project}`,
    'LISTEN: 127.0.0.1:8080': `LISTEN: 127.0.0.1:${port}`,
    'WAIT_SECONDS: "60"': 'WAIT_SECONDS: "30"',
    'KEEP_IMAGES: "3"': 'KEEP_IMAGES: "2"',
  })
  const docker = (...args: string[]) =>
    spawnSync('docker', args, { encoding: 'utf8' }).stdout.trim().split('\n')
  const images = () => docker('image', 'ls', '--format', '{{.Tag}}', project).sort()
  t.teardown(() => {
    docker('compose', '--project-name', project, 'down', '--timeout', '1')
    for (const tag of images()) docker('image', 'rm', '--force', `${project}:${tag}`)
  })
  const example = await startExample(t, { config, files })
  const served = () => fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text())
  return { ...example, images, served }
}

t.test('a merge is built and runs; what does not become healthy is undone', { skip }, async (t) => {
  const { deploy, deployAgain, images, served } = await startShop(t)
  const first = await deploy()
  t.match(first, { state: 'success', description: /^Deployed [0-9a-f]{7} to production/ })
  t.equal(await served(), 'one')

  const unbuilt = await deploy({ Dockerfile: `${dockerfile}RUN echo no such library >&2 && exit 3\n` })
  t.match(unbuilt, { state: 'failure', description: /^Exit status \d+: .*exit code: 3/ })
  t.equal(await served(), 'one')

  const sick = await deploy({ Dockerfile: dockerfile, 'server.mjs': server('sick', 500) })
  t.match(sick, {
    state: 'failure',
    description: new RegExp(
      `${sick.sha.slice(0, 7)} did not become healthy; ${first.sha.slice(0, 7)} runs again`,
    ),
    log: /sick listens$/m,
  })
  t.equal(await eventually(() => served().catch(() => ''), 'it is served'), 'one')

  const second = await deploy({ 'server.mjs': server('two') })
  t.equal(second.state, 'success')
  t.equal(await served(), 'two')
  t.equal(images().length, 2)

  t.match(await deployAgain(second.sha), { state: 'success' })
  t.equal(await served(), 'two')
})
