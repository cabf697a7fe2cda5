import { constants, existsSync } from 'node:fs'
import { access, mkdir, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { messageOf } from '../../errors/errors.ts'
import type { Finding, Mendable } from './finding.ts'

/** Whether the disk of the cache has room for what the cache may take. */
export async function examineDisk(cacheDir: string, cacheMaxBytes: number): Promise<Mendable> {
  const directory = resolve(cacheDir)
  const nearest = nearestThatExists(directory)
  try {
    await access(nearest, constants.W_OK | constants.X_OK)
  } catch (error) {
    const todo = `Let the user that runs the worker write there, or set CACHE_DIR to another folder.`
    return {
      level: 'fail',
      of: 'disk',
      text: `CACHE_DIR (${cacheDir}) cannot be written: ${messageOf(error)}`,
      todo,
    }
  }
  const { bavail, bsize } = await statfs(nearest)
  const finding = diskFinding(cacheDir, Number(bavail) * Number(bsize), cacheMaxBytes)
  return nearest === directory ? finding : { ...finding, mend: () => makeDirectory(directory) }
}

async function makeDirectory(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  return `made the folder ${directory}`
}

/** What free space means. Pure. */
export function diskFinding(cacheDir: string, freeBytes: number, cacheMaxBytes: number): Finding {
  const text = `${gigabytes(freeBytes)} free for CACHE_DIR (${cacheDir}), which may take ${gigabytes(cacheMaxBytes)}`
  if (freeBytes >= cacheMaxBytes) return { level: 'ok', of: 'disk', text }
  const todo = 'Make room, or set CACHE_MAX_MB to less.'
  return { level: freeBytes < cacheMaxBytes / 10 ? 'fail' : 'warn', of: 'disk', text, todo }
}

function nearestThatExists(path: string): string {
  return existsSync(path) ? path : nearestThatExists(dirname(path))
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`
}
