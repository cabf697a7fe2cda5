// A copy of Redis is made while deployments run; Redis is lost; the older copy is restored: docs/redis.md says the same.
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { type PrivateRedis, startRedis } from '../../scripts/private-redis.ts'
import { allQueues } from '../../src/jobs/queues.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'

interface Copied {
  /** Copies what a running Redis has. */
  copy(redis: Redis, dir: string, to: string): Promise<void>
  /** Starts a Redis in an empty folder with the copy. */
  restore(from: string, dir: string, port: number): Promise<PrivateRedis>
}

const ways: Record<string, Copied> = {
  'a snapshot': {
    async copy(redis, dir, to) {
      const before = await redis.lastsave()
      // A second must have gone by, or its time does not tell it from the one before.
      await eventually(async () => Number((await redis.time())[0]) > before, 'the next second')
      await redis.bgsave()
      await eventually(async () => (await redis.lastsave()) > before, 'a snapshot')
      copyFileSync(join(dir, 'dump.rdb'), join(to, 'dump.rdb'))
    },
    async restore(from, dir, port) {
      copyFileSync(join(from, 'dump.rdb'), join(dir, 'dump.rdb'))
      const running = await startRedis({ persistent: false, dir, port })
      const redis = new Redis(running.url)
      await redis.config('SET', 'appendonly', 'yes')
      const isWritten = async () =>
        /aof_rewrite_in_progress:0/.test(await redis.info('persistence')) &&
        /aof_enabled:1/.test(await redis.info('persistence'))
      await eventually(isWritten, 'an append-only file')
      redis.disconnect()
      return running
    },
  },
  'the append-only file': {
    async copy(redis, dir, to) {
      await redis.config('SET', 'auto-aof-rewrite-percentage', '0')
      const rests = async () => /aof_rewrite_in_progress:0/.test(await redis.info('persistence'))
      await eventually(rests, 'no rewrite')
      const files = existsSync(join(dir, 'appendonlydir')) ? 'appendonlydir' : 'appendonly.aof'
      cpSync(join(dir, files), join(to, files), { recursive: true })
      await redis.config('SET', 'auto-aof-rewrite-percentage', '100')
    },
    async restore(from, dir, port) {
      cpSync(from, dir, { recursive: true })
      return startRedis({ persistent: true, dir, port })
    },
  },
}

t.setTimeout(240_000)

for (const [name, way] of Object.entries(ways)) {
  t.test(`restored from ${name} that is older`, async (t) => {
    const { fleet, runs, hold, copy, lose, restore } = await start(t, way)
    await deploy(fleet)
    const release = hold()
    const during = await deploy(fleet, 'in_progress')
    await copy()
    // What the copy has as running comes to its end, and something is deployed that it knows nothing of.
    release()
    await fleet.finalStates(during)
    await deploy(fleet)
    await lose()
    const missed = await fleet.merge('Missed')
    await restore()
    const isOfMissed = ({ payload }: { payload: unknown }) =>
      new RegExp(`"pull_request":${missed}\\D`).test(JSON.stringify(payload))
    // A copy that was made during the reconciler's pass has its lease, which is in force for half a minute.
    await eventually(
      () => fleet.sandbox.deployments(shop).find(isOfMissed),
      'a deployment of the last merge',
      90_000,
    )

    const all = fleet.sandbox.deployments(shop)
    t.equal(all.length, 4, 'one deployment for each merge')
    for (const { id } of all) {
      t.ok((await fleet.finalStates(id, 30_000)).includes('success'), `#${id} succeeded`)
      t.equal(runs.filter((run) => run === id).length, 1, `#${id} ran once`)
    }
    await eventually(async () => (await jobsLeft(fleet)) === 0, 'that nothing is left to do', 30_000)
    for (const { id } of all) {
      const { status, body } = await fleet.receiver.api(`/deployments/${shop}/${id}`)
      if (status === 200) t.match(body.state, /^(success|inactive)$/, `#${id} is over in the record`)
      else t.equal(status, 404, `#${id} is not in the record`)
    }
  })
}

async function jobsLeft({ receiver: { queues } }: Fleet): Promise<number> {
  const states = ['waiting', 'active', 'delayed', 'failed'] as const
  const counts = await Promise.all((await allQueues(queues)).map((queue) => queue.getJobCounts(...states)))
  return counts.flatMap((count) => Object.values<number>(count)).reduce((sum, count) => sum + count, 0)
}

async function start(t: Test, way: Copied) {
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'livraison-backup-'))
    t.teardown(() => rmSync(made, { recursive: true, force: true }))
    return made
  }
  const [dir, copied] = [folder(), folder()]
  let running = await startRedis({ persistent: true, dir })
  t.teardown(() => running.close())
  const { url, port } = running
  const runs: number[] = []
  let held = Promise.resolve()
  const fleet = await startFleet(t, {
    redis: { url, prefix: '{test}' },
    settings: { RECONCILE_SECONDS: '1', STALLED_SECONDS: '0.5', LEASE_SECONDS: '2' },
    rules: {
      async executor({ deployment }) {
        runs.push(deployment.id)
        await held
        return { state: 'success', description: 'Done.' }
      },
    },
  })
  return {
    fleet,
    runs,
    /** From now on runs do not end, until what it gives is called. */
    hold(): () => void {
      let release = () => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
    async copy() {
      const admin = new Redis(url)
      await way.copy(admin, dir, copied)
      admin.disconnect()
    },
    lose: () => running.kill(),
    async restore() {
      running = await way.restore(copied, folder(), port)
    },
  }
}

/** Merges a pull request, and waits until its deployment is in a state. */
async function deploy(fleet: Fleet, state = 'success'): Promise<number> {
  const known = fleet.sandbox.deployments(shop).length
  await fleet.merge()
  const made = await eventually(() => fleet.sandbox.deployments(shop)[known], 'a deployment', 20_000)
  await eventually(() => fleet.states(made.id).includes(state), `#${made.id} is ${state}`, 20_000)
  return made.id
}
