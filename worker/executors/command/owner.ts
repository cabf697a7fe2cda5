import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Who a directory or a place in a queue belongs to, as text that is fit for a file name:
 * process id, when that process began, the world in which the id holds, and a number of its own.
 */
export type Owner = string

/** A new owner in this process. */
export function createOwner(): Owner {
  return [process.pid, beganAt(process.pid) ?? 0, world(), randomBytes(4).toString('hex')].join('-')
}

/** Whether the owner's process is gone; undefined if that cannot be seen from here, as from another container. */
export function isGone(owner: Owner): boolean | undefined {
  const [pid = '', began = '', itsWorld = ''] = owner.split('-')
  if (itsWorld !== world()) return undefined
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
  const now = beganAt(Number(pid))
  return began !== '0' && String(now ?? '') !== began
}

/** When a process began, in ticks since the machine did; undefined if it has ended or nobody says (macOS). */
function beganAt(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the name, in parentheses, may hold anything; state is the first field after it, start the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : Number(fields[19])
  } catch {
    return undefined
  }
}

/** Process ids mean something only on one machine, since one boot, in one container. */
function world(): string {
  return createHash('sha256').update(worldName()).digest('hex').slice(0, 12)
}

function worldName(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
    return `${boot}${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}
