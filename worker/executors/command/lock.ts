import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Presence } from './presence.ts'

const askMs = 20

/**
 * Runs `work` while no other worker on this host, and nothing else in this one, holds the lock `directory`.
 * Those who wait are files in it, each with a number and its owner in its name, and it is the turn of the
 * lowest whose owner lives. A file name is never used twice, so whoever sees a dead one may remove it.
 *
 * @throws the signal's reason if it is aborted while waiting
 */
export async function withLock<T>(
  directory: string,
  presence: Presence,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const ticket = await queueUp(directory, presence)
  try {
    while ((await livingTickets(directory, presence))[0] !== ticket) {
      await sleep(askMs, undefined, { signal })
    }
    signal.throwIfAborted()
    return await work()
  } finally {
    await rm(join(directory, ticket), { force: true })
  }
}

/** As {@link withLock}, but gives undefined at once if another holds the lock or waits for it. */
export async function withFreeLock<T>(
  directory: string,
  presence: Presence,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if ((await livingTickets(directory, presence)).length > 0) return undefined
  const ticket = await queueUp(directory, presence)
  try {
    if ((await livingTickets(directory, presence))[0] !== ticket) return undefined
    return await work()
  } finally {
    await rm(join(directory, ticket), { force: true })
  }
}

/** Takes a number above all that wait, and another if a still higher one came first: its owner may have begun. */
async function queueUp(directory: string, presence: Presence): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  for (;;) {
    const last = Number((await livingTickets(directory, presence)).at(-1)?.split('.')[0] ?? 0)
    const ticket = [String(last + 1).padStart(9, '0'), presence.owner, randomBytes(4).toString('hex')].join(
      '.',
    )
    await writeFile(join(directory, ticket), '')
    if ((await livingTickets(directory, presence)).at(-1) === ticket) return ticket
    await rm(join(directory, ticket), { force: true })
  }
}

/** Those that wait, in order. The dead are removed. */
async function livingTickets(directory: string, presence: Presence): Promise<string[]> {
  const living: string[] = []
  for (const ticket of await readdir(directory).catch(() => [])) {
    const [, owner = ''] = ticket.split('.')
    if (await presence.isDead(owner)) await rm(join(directory, ticket), { force: true })
    else living.push(ticket)
  }
  return living.sort()
}
