#!/usr/bin/env node
import { CommanderError } from 'commander'
import { messageOf } from '../errors/errors.ts'
import { exitStatus, Stop } from './exit-status.ts'
import { createProgram } from './program.ts'
import { note } from './terminal.ts'

/** The command `livraison`. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads us has read enough: livraison audit --export | head.
  if (error.code === 'EPIPE') process.exit(exitStatus.done)
  throw error
})

try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = endOf(error)
}

/** Says what went wrong, in words, and gives the exit status. */
function endOf(error: unknown): number {
  // It has said what it has to say, or it is the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.askedWrongly
  note(messageOf(error))
  if (error instanceof Stop) return error.status
  return isSettingsError(error) ? exitStatus.askedWrongly : exitStatus.refused
}

/** Its class lies in a file that is slow to load. */
function isSettingsError(error: unknown): boolean {
  return error instanceof Error && error.name === 'SettingsError'
}
