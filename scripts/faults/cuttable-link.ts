import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Cut } from './plan.ts'

/** A network between one process and a server on this machine, that can fail. */
export interface Link {
  port: number
  /** Refuse: what is connected is cut, and nothing new gets through. Black hole: nothing arrives any more, nobody is told. */
  cut(how: Cut): void
  restore(): void
  close(): void
}

/** Opens a way to a port on the loopback interface. */
export async function openLink(targetPort: number): Promise<Link> {
  let state: 'whole' | Cut = 'whole'
  const sockets = new Set<Socket>()

  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from)
    from.setNoDelay(true)
    // A black hole drops what it gets: it never arrives, not even later.
    from.on('data', (data) => state === 'whole' && to.write(data))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      if (state !== 'black-hole') to.destroy()
    })
  }

  const cutAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy()
    sockets.clear()
  }

  const server = createServer((near) => {
    if (state === 'refuse') {
      near.resetAndDestroy()
      return
    }
    const far = connect({ port: targetPort, host: '127.0.0.1' })
    pass(near, far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    cut(how) {
      state = how
      if (how === 'refuse') cutAll()
    },
    restore() {
      // What went into the hole is gone: a connection that lost a part of its bytes cannot go on.
      if (state === 'black-hole') cutAll()
      state = 'whole'
    },
    close() {
      server.close()
      cutAll()
    },
  }
}
