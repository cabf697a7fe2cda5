import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { Agent, fetch } from 'undici'
import { createPlainFetch } from '../../../src/github/plain-fetch.ts'

async function startServer(t: Test, answer: RequestListener) {
  let connections = 0
  const server = createServer(answer).on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const dispatcher = new Agent({ connections: 1 })
  t.teardown(async () => {
    await dispatcher.destroy()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, dispatcher, plainFetch: createPlainFetch(dispatcher), connections: () => connections }
}

t.test('it gives what the standard fetch gives, on one connection that is kept', async (t) => {
  const { url, dispatcher, plainFetch, connections } = await startServer(t, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const moved = /^\/moved\/(\d+)$/.exec(pathname)?.[1]
    if (moved) return response.writeHead(Number(moved), { location: '/200' }).end('moved')
    const status = Number(pathname.slice(1))
    response.setHeader('Link', ['<a>; rel="next"', '<b>; rel="last"'])
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
    response.writeHead(status).end(status === 204 || status === 304 ? undefined : `{"at":"${pathname}"}`)
  })
  const paths = ['/200', '/201', '/204', '/304', '/403', '/404', '/500', '/moved/301', '/moved/307']
  for (const path of paths) {
    const [ours, standard] = [
      await plainFetch(`${url}${path}`, { headers: { accept: 'application/json' } }),
      await fetch(`${url}${path}`, { dispatcher, headers: { accept: 'application/json' } }),
    ]
    t.equal(ours.status, standard.status, path)
    const text = await standard.text()
    t.equal(await ours.text(), text, path)
    t.same(ours.body, text === '' ? '' : JSON.parse(text))
    const headers = ({ headers }: { headers: Iterable<[string, string]> }) =>
      [...headers].filter(([name]) => name !== 'date').sort()
    t.same(headers(ours), headers(standard), path)
    t.equal(ours.headers.get('Content-Type'), standard.headers.get('content-type'), path)
    t.equal(ours.headers.get('x-none'), null)
  }
  t.equal(connections(), 1)
})

t.test('an answer that is cut short is an error, as is one that does not come', async (t) => {
  const { url, plainFetch } = await startServer(t, (request, response) => {
    if (request.url === '/none') return void request.socket.destroy()
    response.writeHead(200, { 'Content-Length': '100' }).write('{"half":')
    setImmediate(() => request.socket.destroy())
  })
  await t.rejects(plainFetch(`${url}/none`, {}))
  await t.rejects(plainFetch(`${url}/half`, {}))
})
