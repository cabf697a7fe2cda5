// A worker is killed in the middle of a command: another goes on, nothing is done twice, and there is one answer.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { answered, config, isDoneOnce, openAged, say, startCommented } from '../../fixtures/comments.ts'
import { eventually, type Fleet, type FleetOptions, shop } from '../../fixtures/fleet.ts'
import { ownRedis } from '../../fixtures/redis.ts'
import { startProcess } from '../../fixtures/worker-process.ts'

t.setTimeout(150_000)

const calls = {
  react: 'reactions/create-for-issue-comment',
  commit: 'repos/get-commit',
  create: 'issues/create-comment',
} as const

async function startAlone(t: Test, options: FleetOptions = {}): Promise<{ fleet: Fleet; file: string }> {
  const { url } = await ownRedis(t)
  const fleet = await startCommented(t, {
    workers: 0,
    redis: { url },
    settings: { LEASE_SECONDS: '1', STALLED_SECONDS: '0.5' },
    ...options,
  })
  const file = join(t.testdir(), 'livraison.yml')
  writeFileSync(file, config())
  return { fleet, file }
}

for (const [operation, answer] of [
  [calls.create, 'hang'],
  [calls.create, 'drop-after'],
  [calls.commit, 'hang'],
  [calls.react, 'drop-after'],
] as const) {
  t.test(`a worker is killed while ${operation} is answered by ${answer}`, async (t) => {
    const { fleet, file } = await startAlone(t)
    const { sandbox } = fleet
    await openAged(fleet)
    const fault = sandbox.faults.add({ operation, times: 1, answer })
    const lost = startProcess(t, fleet, { CONFIG_FILE: file })
    const id = await say(fleet, '/deploy')
    await eventually(() => fault.hits > 0, 'it is asked', 25_000)
    lost.kill('SIGKILL')
    await once(lost, 'exit')
    fleet.addWorker()
    t.match(await answered(fleet, id, '+1'), /\*\*Deployed/)
    isDoneOnce(t, fleet, id)
  })
}

t.test('a rollback that was done, and not noted, is not done again from its own result', async (t) => {
  const fleet = await startCommented(t)
  const { sandbox, store, redis, receiver } = fleet
  const first = await openAged(fleet)
  await answered(fleet, await say(fleet, '/deploy'), '+1')
  await sandbox.push(shop, { branch: 'topic' })
  sandbox.agePushes(shop, 3_600_000)
  await answered(fleet, await say(fleet, '/deploy'), '+1')
  const id = await say(fleet, '/rollback staging')
  await answered(fleet, id, '+1')
  const key = `${redis.prefix}:command:${id}`
  await store.hdel(key, 'result')
  const data = { ...JSON.parse((await store.hget(key, 'asked')) ?? '{}') }
  await receiver.queues.events.add('command', data, { jobId: 'command-once-more' })
  const result = await eventually(() => store.hget(key, 'result'), 'it is done again')
  t.match(JSON.parse(result), { kind: 'deployment', deployment: sandbox.deployments(shop)[2]?.id })
  t.equal(sandbox.deployments(shop).length, 3)
  t.equal(sandbox.deployments(shop)[2]?.sha, first.sha)
})
