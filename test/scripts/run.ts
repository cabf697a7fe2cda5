import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Test } from 'tap'
import { type Child, startChild } from '../../scripts/child.ts'

export interface Run extends Child {
  /** A directory for this run alone: where it works and where its temporary files go. */
  directory: string
  /** All that it has said so far. */
  said(): string
}

/** Runs a built script as a person would, in an empty directory and a plain environment. */
export function runScript(
  t: Test,
  file: string,
  env: NodeJS.ProcessEnv,
  onLine: (line: string, run: Child) => void = () => {},
  args: readonly string[] = [],
): Run {
  const directory = mkdtempSync(join(tmpdir(), 'livraison-script-'))
  const lines: string[] = []
  const child = startChild({
    name: file,
    file: resolve(`dist/${file}`),
    args,
    // Not tap's environment: it would load its hooks into each process.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: directory, ...env },
    cwd: directory,
    onLine(line) {
      lines.push(line)
      onLine(line, child)
    },
  })
  t.teardown(async () => {
    child.kill()
    await child.ended
    rmSync(directory, { recursive: true, force: true })
  })
  return { ...child, directory, said: () => lines.join('\n') }
}

/** Processes that belong to a run: those that work in its directory or have it in their environment. */
export function processesOf({ directory }: Run): string[] {
  // Only Linux lets us look.
  if (!existsSync('/proc/self/environ')) return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => belongsTo(pid, directory)).map((pid) => `${pid} ${read(pid, 'cmdline')}`)
}

function belongsTo(pid: string, directory: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)) return true
  } catch {
    // It has ended meanwhile.
  }
  return read(pid, 'environ').includes(`TMPDIR=${directory}`)
}

function read(pid: string, what: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
