import { spawn } from 'node:child_process'

/**
 * Sees to it that the process group of `pid` (a child that was spawned detached) is asked to end, by SIGTERM,
 * when this process is gone, however it went: a small shell waits for the end of a pipe that only this process holds open, which even SIGKILL closes.
 * The shell sits in a process group of its own, so that Ctrl-C does not take it away first.
 * Returns a function that calls this off, for when the process has ended in good order.
 */
export function dieWithUs(pid: number): () => void {
  // SIGCONT after SIGTERM: a stopped process takes the signal only when it is continued.
  const script = 'read -r _; kill -s TERM -- "-$1" && kill -s CONT -- "-$1"'
  const guard = spawn('sh', ['-c', script, 'sh', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => {})
  guard.unref()
  return () => {
    guard.kill('SIGKILL')
    guard.stdin.destroy()
  }
}
