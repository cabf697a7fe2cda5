import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startRedis } from '../private-redis.ts'
import { createUndo, type Undo } from '../undo.ts'
import type { Bench, Part } from './bench.ts'
import type { Figures } from './figures.ts'
import { describeMachine, type Machine } from './machine.ts'
import { growth } from './parts/growth.ts'
import { ingest } from './parts/ingest.ts'
import { latency } from './parts/latency.ts'
import { scale } from './parts/scale.ts'
import { start } from './parts/start.ts'
import { worker } from './parts/worker.ts'

/** The parts by their names, in their order. */
export const parts: Record<string, Part> = { ingest, worker, latency, scale, growth, start }

/** Those that the guard needs. */
export const quickParts = ['ingest', 'worker', 'start']

export interface RunOptions {
  rounds: number
  quick: boolean
  nodeArguments: string[]
  say: (line: string) => void
  note: (line: string) => void
  /** Hears of each part that is over, how many seconds it took, and what it broke off with. */
  over: (part: string, seconds: number, error: unknown) => void
}

/** Runs parts one after another, the next even if one breaks off; what each started is taken down before the next begins, or when `undo` is run. */
export async function runParts(
  names: readonly string[],
  figures: Figures,
  options: RunOptions,
  undo: Undo,
): Promise<void> {
  for (const name of names) {
    const ofPart = createUndo()
    undo.push(ofPart.all)
    const directory = mkdtempSync(join(tmpdir(), 'livraison-bench-'))
    ofPart.push(() => rmSync(directory, { recursive: true, force: true }))
    const begun = performance.now()
    const bench = { ...options, figures, undo: ofPart, directory, redis: redisIn(directory, ofPart) }
    const error = await parts[name]?.(bench).then(
      () => undefined,
      (error: unknown) => error,
    )
    await ofPart.all()
    options.over(name, Math.round((performance.now() - begun) / 1000), error)
  }
}

function redisIn(directory: string, undo: Undo): Bench['redis'] {
  let count = 0
  return async ({ persistent }) => {
    count += 1
    const own = await startRedis({ persistent, dir: join(directory, `redis-${count}`) })
    undo.push(own.close)
    const redis = new Redis(own.url)
    undo.push(() => redis.disconnect())
    // The parts empty it themselves; that it rewrites its file by itself would be somebody's bad luck.
    if (persistent) await redis.config('SET', 'auto-aof-rewrite-percentage', '0')
    return { own, redis }
  }
}

/** What this is run on; asked before anything is measured. */
export async function machineHere(undo: Undo): Promise<Machine> {
  const own = await startRedis({ persistent: false })
  undo.push(own.close)
  const redis = new Redis(own.url)
  try {
    return await describeMachine(redis)
  } finally {
    redis.disconnect()
    await own.close()
  }
}
