// The worker that merges a pull request is killed in the middle: it is merged all the same, and once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { eventually, shop, startFleet } from '../fixtures/fleet.ts'
import { ownRedis } from '../fixtures/redis.ts'

const program = resolve('dist/bundle/worker.js')
/** Short, so that a lost worker is noticed in about two seconds. */
const soon = { LEASE_SECONDS: '1', STALLED_SECONDS: '0.5' }
const config = `
repositories:
  acme/shop:
    merge: { label: automerge }
    environments: { production: { simulate: 20ms } }
`

for (const { answer, calls } of [
  // Its effect is nothing: another has to ask again.
  { answer: 'hang', calls: 2 },
  // It has been merged by the time that the worker is killed: another finds it so.
  { answer: 'drop-after', calls: 1 },
] as const) {
  t.test(`while GitHub's answer is ${answer}`, async (t) => {
    const { url } = await ownRedis(t)
    const redis = { url }
    const fleet = await startFleet(t, { workers: 0, redis, settings: soon, config })
    const { sandbox } = fleet
    const file = join(t.testdir(), 'livraison.yml')
    writeFileSync(file, config)
    const lost = spawn(process.execPath, [program], {
      env: {
        PATH: process.env.PATH,
        REDIS_URL: url,
        GITHUB_TOKEN: sandbox.token,
        GITHUB_API_URL: sandbox.apiUrl,
        CONFIG_FILE: file,
        LOG_LEVEL: 'warn',
        ...soon,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    t.teardown(() => lost.kill('SIGKILL'))
    const fault = sandbox.faults.add({ operation: 'pulls/merge', times: 1, answer })
    await sandbox.openPullRequest(shop, { title: 'Mend the cart' })
    await sandbox.labelPullRequest(shop, 1, 'automerge')
    await eventually(() => fault.hits > 0, 'it is merging', 25_000)
    lost.kill('SIGKILL')
    await once(lost, 'exit')
    fleet.addWorker()
    await sandbox.whenever(() => sandbox.pullRequest(shop, 1).mergedAt !== null, { what: 'it is merged' })
    const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
    await fleet.finalStates(deployment.id)
    await eventually(async () => (await fleet.receiver.queues.events.count()) === 0, 'nothing is left to do')
    const asked = sandbox.requests.filter(({ operationId }) => operationId === 'pulls/merge')
    t.equal(asked.length, calls)
    t.equal(sandbox.deployments(shop).length, 1)
  })
}
