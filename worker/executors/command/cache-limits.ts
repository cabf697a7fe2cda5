import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { withFreeLock } from './lock.ts'
import { removeTree } from './remove-tree.ts'
import type { Workspace } from './workspace.ts'

export interface Mirror {
  path: string
  bytes: number
  usedAt: number
}

/** The mirrors that must go, those not used for the longest time first, so that the rest is within the limits. */
export function chooseSurplus(mirrors: readonly Mirror[], maxBytes: number, maxMirrors: number): Mirror[] {
  const oldestFirst = [...mirrors].sort((one, other) => one.usedAt - other.usedAt)
  let bytes = mirrors.reduce((sum, mirror) => sum + mirror.bytes, 0)
  let count = mirrors.length
  return oldestFirst.filter((mirror) => {
    if (bytes <= maxBytes && count <= maxMirrors) return false
    bytes -= mirror.bytes
    count -= 1
    return true
  })
}

/** Removes the mirrors that are too many or too much. One that is in use stays until next time. */
export async function keepWithinLimits(workspace: Workspace): Promise<void> {
  const { mirrors, locks, presence, maxBytes, maxMirrors } = workspace
  const names = await readdir(mirrors)
  const found = await Promise.all(names.map((name) => measure(join(mirrors, name))))
  for (const { path } of chooseSurplus(found, maxBytes, maxMirrors)) {
    await withFreeLock(join(locks, basename(path, '.git')), presence, () => removeTree(path))
  }
}

async function measure(path: string): Promise<Mirror> {
  const packs = join(path, 'objects/pack')
  const files = await readdir(packs).catch(() => [])
  const sizes = await Promise.all(files.map((file) => sizeOf(join(packs, file))))
  const usedAt = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
  return { path, bytes: sizes.reduce((sum, size) => sum + size, 0), usedAt }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}
