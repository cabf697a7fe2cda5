import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createOwner, isGone, type Owner } from './owner.ts'

/** Shows other workers that share a directory that this one lives, and tells which of them have died. */
export interface Presence {
  owner: Owner
  isDead(owner: Owner): Promise<boolean>
  close(): Promise<void>
}

const beatMs = 10_000
/** A worker that we cannot see (it is in another container) counts as dead after this long without a beat. */
const silentMs = 90_000

/** Registers this process in the directory. */
export async function openPresence(directory: string): Promise<Presence> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const owner = createOwner()
  const file = join(directory, owner)
  await writeFile(file, '')
  const beat = setInterval(() => {
    const now = new Date()
    utimes(file, now, now).catch(() => writeFile(file, '').catch(() => {}))
  }, beatMs)
  beat.unref()

  const isDead = async (other: Owner): Promise<boolean> => {
    if (other === owner) return false
    const gone = isGone(other)
    if (gone !== undefined) return gone
    const seen = await stat(join(directory, other)).catch(() => undefined)
    return seen === undefined || Date.now() - seen.mtimeMs > silentMs
  }

  for (const other of await readdir(directory)) {
    if (await isDead(other)) await rm(join(directory, other), { force: true })
  }
  return {
    owner,
    isDead,
    async close() {
      clearInterval(beat)
      await rm(file, { force: true })
    },
  }
}
