import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Finding } from './finding.ts'

/** Whether git is there: checkouts need it. */
export async function examineGit(): Promise<Finding> {
  const said = await new Promise<string | undefined>((done) => {
    execFile('git', ['--version'], { timeout: 5000 }, (error, stdout) =>
      done(error ? undefined : stdout.trim()),
    )
  })
  if (said !== undefined) return { level: 'ok', of: 'git', text: said }
  return { level: 'fail', of: 'git', text: 'there is none', todo: 'Install git: workers check out with it.' }
}

/** Whether the disk of the cache has room for what the cache may take. */
export async function examineDisk(cacheDir: string, cacheMaxBytes: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestThatExists(resolve(cacheDir)))
  return diskFinding(cacheDir, Number(bavail) * Number(bsize), cacheMaxBytes)
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
