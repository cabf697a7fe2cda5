import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The full path of the first `redis-server` or `valkey-server` on PATH. Throws what to do if there is none. */
export function redisProgram(path = process.env.PATH ?? ''): string {
  for (const name of ['redis-server', 'valkey-server']) {
    const found = path
      .split(delimiter)
      .map((directory) => join(directory, name))
      .find(isExecutable)
    if (found) return found
  }
  throw new Error('There is no redis-server or valkey-server on PATH: run `npm run setup`, or set REDIS_URL')
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
