import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

// 6.2 is the oldest that BullMQ supports.
const oldest = [6, 2]

/** The full path of the first `redis-server` or `valkey-server` on PATH that is new enough, or undefined. */
export function findRedisProgram(path = process.env.PATH ?? '') {
  const directories = path.split(delimiter).filter(Boolean)
  return ['redis-server', 'valkey-server']
    .flatMap((name) => directories.map((directory) => join(directory, name)))
    .find((file) => isExecutable(file) && isNewEnough(versionOf(file)))
}

/** Whether the answer to `--version` ("Redis server v=7.0.15 sha=...") names a version that will do. */
export function isNewEnough(answer) {
  const [, major, minor] = /\bv=(\d+)\.(\d+)/.exec(answer)?.map(Number) ?? []
  if (major === undefined) return false
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function versionOf(file) {
  try {
    return execFileSync(file, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}
