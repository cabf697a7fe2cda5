import { execFileSync } from 'node:child_process'
import { programsNamed } from './find-program.mjs'

// 6.2 is the oldest that BullMQ supports.
const oldest = [6, 2]

/** The full path of the first `redis-server` or `valkey-server` on PATH that is new enough, or undefined. */
export function findRedisProgram(path = process.env.PATH ?? '') {
  return ['redis-server', 'valkey-server']
    .flatMap((name) => programsNamed(name, path))
    .find((file) => isNewEnough(versionOf(file)))
}

/** Whether the answer to `--version` ("Redis server v=7.0.15 sha=...") names a version that will do. */
export function isNewEnough(answer) {
  const [, major, minor] = /\bv=(\d+)\.(\d+)/.exec(answer)?.map(Number) ?? []
  if (major === undefined) return false
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

function versionOf(file) {
  try {
    return execFileSync(file, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}
