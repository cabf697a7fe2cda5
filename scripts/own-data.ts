import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PrivateRedis, startRedis } from './private-redis.ts'
import { askRedis } from './redis-answer.ts'

/**
 * Starts the persistent Redis whose data is in `directory`. Two servers on the same files would destroy them,
 * so it throws if one runs already.
 */
export async function startOwnRedis(directory: string): Promise<PrivateRedis> {
  mkdirSync(directory, { recursive: true })
  const note = join(directory, 'running.json')
  const other = readNote(note)
  if (other && (await askRedis(other.port)).pid === other.pid) {
    throw new Error(
      `Livraison runs already in this folder: Redis process ${other.pid} on port ${other.port} uses ${directory}. Stop that one first.`,
    )
  }
  const redis = await startRedis({ persistent: true, dir: directory })
  writeFileSync(note, JSON.stringify({ port: redis.port, pid: redis.pid }))
  return redis
}

function readNote(file: string): { port: number; pid: number } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
