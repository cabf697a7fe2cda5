import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Redis } from 'ioredis'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { parseConfig } from '../../src/config/read-config.ts'
import { closeQueues, openQueues } from '../../src/jobs/queues.ts'
import { gitHubComPrefix } from '../../src/redis/key-prefix.ts'
import { readServerSettings } from '../../src/settings/server.ts'
import { readWorkerSettings } from '../../src/settings/worker.ts'
import { type Resource, unknownFields, validate } from '../fixtures/kubernetes.ts'
import { testRedis } from '../fixtures/redis.ts'

const home = 'ops/kubernetes'
const overlays = readdirSync(join(home, 'overlays'))

/** What a program says of these arguments; its status is null if it is not there. */
function output(program: string, args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return { status, text: `${stdout}${stderr}` }
}

const kubectl = output('kubectl', ['kustomize', '--help']).status === 0
const noKubectl = !kubectl && 'kubectl is not installed'

const readAll = (text: string): Resource[] => parseAllDocuments(text).map((each) => each.toJS())

/** All resources as they are written, put together by nobody. */
const written = readdirSync(home, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !/kustomization/.test(file))
  .flatMap((file) => readAll(readFileSync(join(home, file), 'utf8')))

const ofKind = (resources: readonly Resource[], kind: string) =>
  resources.filter((resource) => resource.kind === kind)

t.test('each resource is one by the published schemas', async (t) => {
  t.ok(written.length > 15)
  for (const resource of written) {
    t.doesNotThrow(() => validate(resource), `${resource.kind} ${resource.metadata.name}`)
  }
  t.throws(() => validate({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec: {} }))
  t.throws(() => validate({ apiVersion: 'v1', kind: 'Nothing', metadata: { name: 'x' } }))
})

t.test('what kustomize makes of the overlays is, too', { skip: noKubectl }, async (t) => {
  for (const overlay of overlays) {
    const made = output('kubectl', ['kustomize', join(home, 'overlays', overlay)])
    t.equal(made.status, 0, made.text)
    const resources = readAll(made.text)
    for (const resource of resources) t.doesNotThrow(() => validate(resource), resource.metadata.name)
    const inside = resources.filter(({ kind }) => kind !== 'Namespace')
    t.ok(inside.every(({ metadata }) => metadata.namespace === 'livraison'))
    t.match(made.text, /image: registry\.example\.com\/livraison:/)
    const selected = ofKind(resources, 'PodDisruptionBudget').length + ofKind(resources, 'Service').length
    t.ok(selected >= 3, overlay)
  }
})

t.test('the overlay of the documentation can be built', { skip: noKubectl }, async (t) => {
  const page = readFileSync('docs/kubernetes.md', 'utf8')
  const [, example = ''] = page.match(/^ +# kustomization\.yaml\n((?: {8}.*\n)+)/m) ?? []
  const folder = t.testdir({ 'livraison.yml': 'repositories: {}\n' })
  const local = relative(folder, join(home, 'overlays/small'))
  const written = example.replaceAll(/^ {8}/gm, '').replace(/https:\S+?\/overlays\/small/, local)
  writeFileSync(join(folder, 'kustomization.yaml'), written)
  const made = output('kubectl', ['kustomize', folder])
  t.equal(made.status, 0, made.text)
  const [ingress] = ofKind(readAll(made.text), 'Ingress')
  const host = 'deploy.you.example'
  t.match(ingress, { spec: { rules: [{ host }], tls: [{ hosts: [host], secretName: 'livraison-tls' }] } })
  t.match(made.text, /image: ghcr\.io\/you\/livraison:0\.1\.0/)
  t.match(made.text, /PUBLIC_URL: https:\/\/deploy\.you\.example/)
  for (const { metadata } of ofKind(
    readAll(readFileSync(join(home, 'secrets.example.yaml'), 'utf8')),
    'Secret',
  )) {
    t.match(page, `create secret generic ${metadata.name} `, 'each secret is told of')
  }
})

t.test('no field is one that Kubernetes does not know', async (t) => {
  t.same(unknownFields(written, t.testdir({})), [])
  const [first] = ofKind(written, 'StatefulSet')
  const wrong = JSON.parse(JSON.stringify(first).replace('"limits"', '"limit"'))
  t.match(unknownFields([wrong], t.testdir({})), [/limit.* does not exist/])
})

t.test(
  'the processes take the settings that they are given, and end in the time that they have',
  async (t) => {
    const { configMapGenerator: maps } = parse(readFileSync(join(home, 'base/kustomization.yaml'), 'utf8'))
    const secrets = ofKind(written, 'Secret')
    const settings = Object.fromEntries(
      maps[1].literals
        .map((each: string) => each.split('='))
        .filter(([name]: string[]) => name !== 'CONFIG_FILE'),
    )
    const deployments = ofKind(written, 'Deployment')
    t.same(deployments.map(({ metadata }) => metadata.name).sort(), [
      'production-worker',
      'receiver',
      'worker',
    ])
    for (const deployment of deployments) {
      const pod = deployment.spec?.template?.spec
      const container = pod?.containers[0]
      if (!pod || !container) throw new Error(`${deployment.metadata.name} has no container`)
      const given = container.envFrom.flatMap(({ secretRef }) =>
        secrets.filter(({ metadata }) => metadata.name === secretRef?.name),
      )
      const env: Record<string, string> = Object.assign(
        { ...settings },
        ...given.map(({ stringData }) => stringData),
        ...container.env.map(({ name, value }) => ({ [name]: value })),
      )
      const isReceiver = deployment.metadata.name === 'receiver'
      const limitMs = pod.terminationGracePeriodSeconds * 1000
      if (isReceiver) {
        t.equal(readServerSettings(env).trustProxy, 'uniquelocal')
        t.ok(limitMs > 5000 + 10_000)
      } else {
        const read = readWorkerSettings(env)
        t.ok(limitMs > read.drainMs + 10_000)
        t.same(read.labels, deployment.metadata.name === 'worker' ? ['default'] : ['production'])
      }
      t.match(container.securityContext, { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } })
      t.match(pod.securityContext, { runAsNonRoot: true, runAsUser: 1000 })
    }
    const text = readFileSync(join(home, 'base/livraison.yml'), 'utf8')
    t.doesNotThrow(() => parseConfig(text, 'livraison.yml', {}))
  },
)

t.test('KEDA looks at the lists that BullMQ keeps', async (t) => {
  const place = await testRedis(t)
  const redis = new Redis(place.url)
  const queues = openQueues(redis, place.prefix)
  t.teardown(async () => {
    await closeQueues(queues)
    redis.disconnect()
  })
  await queues.deployments.add('a', {})
  await queues.checks.add('a', {})
  const [scaled] = ofKind(written, 'ScaledObject')
  const lists = scaled?.spec?.triggers?.map(({ metadata }) => metadata.listName) ?? []
  t.equal(lists.length, 3)
  for (const list of lists) {
    t.ok(list.startsWith(`${gitHubComPrefix}:`))
    const here = list.replace(gitHubComPrefix, place.prefix)
    const name = here.split(':')[1] === 'checks' ? queues.checks : queues.deployments
    t.equal(here, name.toKey(list.split(':').at(-1) ?? ''))
    t.equal(await redis.llen(here), list.endsWith(':wait') ? 1 : 0)
  }
})

t.test('each file that a kustomization names is there', async (t) => {
  for (const file of readdirSync(home, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('kustomization.yaml')) continue
    const folder = join(home, file, '..')
    const { resources = [], components = [] } = parse(readFileSync(join(home, file), 'utf8'))
    for (const each of [...resources, ...components]) t.ok(existsSync(join(folder, each)), `${file}: ${each}`)
  }
})
