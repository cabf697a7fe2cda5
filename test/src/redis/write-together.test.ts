import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import t, { type Test } from 'tap'
import { writeTogether } from '../../../src/redis/write-together.ts'

/** A server that keeps what comes, chunk by chunk, and a socket to it. */
async function startServer(t: Test) {
  const chunks: string[] = []
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('data', (chunk: string) => void chunks.push(chunk))
    socket.on('end', () => socket.end())
  })
  t.teardown(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  socket.setNoDelay()
  return { socket, chunks }
}

t.test('what is written in one turn goes out as one, in order, and nothing is held back', async (t) => {
  const { socket, chunks } = await startServer(t)
  writeTogether(socket)
  const sent: string[] = []
  for (let turn = 0; turn < 5; turn++) {
    for (let part = 0; part < 20; part++) {
      const text = `${turn}.${part} `
      sent.push(text)
      socket.write(text)
    }
    await new Promise((resolve) => socket.write('\n', resolve))
    sent.push('\n')
  }
  const ended = once(socket, 'close')
  socket.end('the end')
  socket.resume()
  await ended
  t.equal(chunks.join(''), `${sent.join('')}the end`)
  t.ok(chunks.length <= 6, `${chunks.length} chunks for 106 writes`)
})
