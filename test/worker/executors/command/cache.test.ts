import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { chooseSurplus } from '../../../../worker/executors/command/cache-limits.ts'
import { withFreeLock, withLock } from '../../../../worker/executors/command/lock.ts'
import { createOwner, isGone } from '../../../../worker/executors/command/owner.ts'
import { openPresence } from '../../../../worker/executors/command/presence.ts'
import { openBenchWorkspace, scratch, startBench } from './bench.ts'

const never = () => new AbortController().signal

t.test('what was not used for longest goes first, and no more than must', async (t) => {
  const mirror = (path: string, bytes: number, usedAt: number) => ({ path, bytes, usedAt })
  const mirrors = [mirror('b', 30, 2), mirror('a', 30, 1), mirror('c', 30, 3)]
  const paths = (maxBytes: number, maxMirrors: number) =>
    chooseSurplus(mirrors, maxBytes, maxMirrors).map(({ path }) => path)
  t.strictSame(paths(90, 3), [])
  t.strictSame(paths(89, 3), ['a'])
  t.strictSame(paths(60, 3), ['a'])
  t.strictSame(paths(59, 3), ['a', 'b'])
  t.strictSame(paths(90, 1), ['a', 'b'])
  t.strictSame(paths(0, 3), ['a', 'b', 'c'])
})

t.test('the cache keeps within its limits', async (t) => {
  const bench = await startBench(t)
  const directory = scratch(t)
  const options = { directory, serverUrl: bench.sandbox.url }
  const workspace = await openBenchWorkspace(t, { ...options, maxMirrors: 2 })
  const ids: number[] = []
  for (const name of ['one', 'two', 'three']) {
    const { id, branches } = await bench.sandbox.createRepository({ owner: 'acme', name })
    ids.push(id)
    const deployment = { sha: branches.get('main') ?? '' }
    await bench.run('true', { workspace, repository: { id, name }, deployment })
  }
  const kept = () => readdirSync(join(directory, 'mirrors')).sort()
  t.strictSame(
    kept(),
    ids
      .slice(1)
      .map((id) => `${id}.git`)
      .sort(),
  )
  const small = await openBenchWorkspace(t, { ...options, maxBytes: 1 })
  const { state } = await bench.run('git fsck', { workspace: small })
  t.equal(state, 'success', 'a run does not need the mirror any more')
  t.strictSame(kept(), [])
})

t.test('one at a time has a lock, and each gets it', async (t) => {
  const presence = await openPresence(scratch(t))
  t.teardown(presence.close)
  const directory = join(scratch(t), 'lock')
  let inside = 0
  let most = 0
  let done = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await sleep(2)
    inside--
    done++
  }
  await Promise.all(Array.from({ length: 20 }, () => withLock(directory, presence, never(), () => work())))
  t.equal(most, 1)
  t.equal(done, 20)
  t.strictSame(readdirSync(directory), [])
})

t.test('a lock is given back when the work fails, and nobody waits who has given up', async (t) => {
  const presence = await openPresence(scratch(t))
  t.teardown(presence.close)
  const directory = join(scratch(t), 'lock')
  await t.rejects(
    withLock(directory, presence, never(), () => Promise.reject(new Error('no'))),
    { message: 'no' },
  )
  const stop = new AbortController()
  await withLock(directory, presence, never(), async () => {
    const second = withLock(directory, presence, stop.signal, async () => t.fail('it has the lock'))
    t.equal(await withFreeLock(directory, presence, async () => 'had it'), undefined)
    stop.abort(new Error('given up'))
    await t.rejects(second)
  })
  t.equal(await withFreeLock(directory, presence, async () => 'had it'), 'had it')
})

/** An owner as this one, but with another process id, beginning, or world. */
const likeOwner = (change: (parts: string[]) => string[]) => change(createOwner().split('-')).join('-')

t.test('the lock of a process that has died, or whose number another has, is broken', async (t) => {
  const presence = await openPresence(scratch(t))
  t.teardown(presence.close)
  const directory = join(scratch(t), 'lock')
  mkdirSync(directory)
  const dead = likeOwner(([, ...rest]) => ['4194305', ...rest])
  const reused = likeOwner(([pid = '', began, ...rest]) => [pid, `${Number(began) - 1}`, ...rest])
  t.equal(isGone(dead), true)
  t.equal(isGone(createOwner()), false)
  writeFileSync(join(directory, `000000001.${dead}.aaaa`), '')
  if (process.platform === 'linux') {
    t.equal(isGone(reused), true)
    writeFileSync(join(directory, `000000002.${reused}.bbbb`), '')
  }
  t.equal(await withLock(directory, presence, never(), async () => 'had it'), 'had it')
  t.strictSame(readdirSync(directory), [])
})

t.test('a worker in another container counts as dead when it has been silent for long', async (t) => {
  const workers = scratch(t)
  const elsewhere = likeOwner(([pid = '', began = '', , own = '']) => [pid, began, 'elsewhere', own])
  t.equal(isGone(elsewhere), undefined)
  writeFileSync(join(workers, elsewhere), '')
  const presence = await openPresence(workers)
  t.teardown(presence.close)
  t.equal(await presence.isDead(elsewhere), false)
  const longAgo = new Date(Date.now() - 100_000)
  utimesSync(join(workers, elsewhere), longAgo, longAgo)
  t.equal(await presence.isDead(elsewhere), true)
  t.equal(
    await presence.isDead(likeOwner(([pid = '', began = '', , own = '']) => [pid, began, 'nowhere', own])),
    true,
  )
})
