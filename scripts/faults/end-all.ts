import { setTimeout as sleep } from 'node:timers/promises'
import type { Installation } from './installation.ts'
import type { Problem } from './problem.ts'

const endLimitMs = 20_000

/** Asks all processes to end, and says which did not, or left something behind. */
export async function endAll({ receiver, workers }: Installation): Promise<Problem[]> {
  const children = [receiver, ...workers].flatMap((service) => service.all())
  for (const service of [receiver, ...workers]) service.drain()
  const limit = sleep(endLimitMs).then(() => 'late' as const)
  const ends = await Promise.all(
    children.map(async (child) => ({ child, how: await Promise.race([child.ended, limit]) })),
  )
  return ends.flatMap(({ child, how }): Problem[] => {
    if (how === 'late') return [{ kind: 'orphan', message: `${child.name} (${child.pid}) did not end` }]
    return isGroupAlive(child.pid) ? [{ kind: 'orphan', message: `${child.name} left processes behind` }] : []
  })
}

function isGroupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0)
    return true
  } catch {
    return false
  }
}
