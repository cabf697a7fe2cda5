import { execFile } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A pipe for a command's output, both streams in one so that their order is kept. */
export interface Pipe {
  /** What comes out. Ends when nobody has the other end any more. */
  output: Socket
  /** The end to write to, to be handed to a child. */
  input: number
  /** Gives up our hold of the end to write to. May be called again. */
  closeInput(): void
}

/**
 * Makes a pipe in the directory. Node's own pipes to children are sockets, and `/dev/stdout` and `/dev/stderr`,
 * which scripts like to write to, cannot be opened on those.
 */
export async function openPipe(directory: string, path = ''): Promise<Pipe> {
  const name = join(directory, 'output')
  await promisify(execFile)('mkfifo', ['-m', '600', name], {
    env: { PATH: `${path}:/usr/bin:/bin` },
  })
  // Without O_NONBLOCK, to open the one end waits for the other.
  const reading = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)
  const input = openSync(name, constants.O_WRONLY)
  await rm(name)
  let isOpen = true
  return {
    output: new Socket({ fd: reading, readable: true, writable: false }),
    input,
    closeInput() {
      if (isOpen) closeSync(input)
      isOpen = false
    },
  }
}
