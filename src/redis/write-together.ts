import type { Socket } from 'node:net'

/**
 * Sends what is written to a socket in one turn of the event loop as one: Redis answers many commands at once, whoever waited
 * for them asks for the next, and each of those would be a system call of its own. Nothing is held back any longer than that.
 */
export function writeTogether(socket: Socket): void {
  const write = socket.write
  let isCorked = false
  const uncork = () => {
    isCorked = false
    socket.uncork()
  }
  socket.write = ((...written: Parameters<typeof write>) => {
    if (!isCorked) {
      isCorked = true
      socket.cork()
      setImmediate(uncork)
    }
    return write.apply(socket, written)
  }) as typeof write
}
