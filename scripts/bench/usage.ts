import { readdirSync, readFileSync } from 'node:fs'

/**
 * How much processor time a process has used, in ms: all its threads, to the nanosecond; undefined where there is no /proc.
 *
 * @see https://docs.kernel.org/scheduler/sched-stats.html the first number of schedstat is time spent on the processor
 */
export function cpuMs(pid: number): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, thread) => sum + threadMs(pid, thread), 0)
  } catch {
    return undefined
  }
}

function threadMs(pid: number, thread: string): number {
  return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}

/** How much memory a process holds, in MB (10^6 bytes); undefined where there is no /proc. */
export function rssMb(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6
  } catch {
    return undefined
  }
}

/** The clock that all processes of this machine share, in ms. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
