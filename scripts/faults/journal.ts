import { openSync, readFileSync, writeSync } from 'node:fs'

/** A line of the journal that all workers write: what the work itself saw, whatever was reported. */
export interface Entry {
  /** By the shared clock of ./clock.ts. */
  at: number
  pid: number
  /** Names one run of a deployment by one process. */
  run: string
  what: 'begin' | 'end' | 'stopped'
  lane: string
  deployment: number
}

/** Opens the journal to write to it. Lines of several processes do not mix: each is one write at the file's end. */
export function openJournal(file: string): (entry: Entry) => void {
  const descriptor = openSync(file, 'a')
  return (entry) => void writeSync(descriptor, `${JSON.stringify(entry)}\n`)
}

/** All that was written so far. */
export function readJournal(file: string): Entry[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}
