import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RequestError } from '@octokit/request-error'
import t, { type Test } from 'tap'
import { Agent, fetch } from 'undici'
import { type Answer, createSend, type Prepared } from '../../../src/github/send.ts'

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
  return { url, dispatcher, send: createSend(dispatcher), connections: () => connections }
}

const get = (url: string): Prepared => ({
  ...{ method: 'GET', url },
  headers: { accept: 'application/json', 'user-agent': 'a test' },
})

/** GitHub's answer, be it one that is an error. */
async function answerOf(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof RequestError && error.response) return { ...error.response } as Answer
    throw error
  }
}

t.test('it gives what the standard fetch gives, on one connection that is kept', async (t) => {
  const { url, dispatcher, send, connections } = await startServer(t, (request, response) => {
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
    const ours = await answerOf(send(get(`${url}${path}`)))
    const standard = await fetch(`${url}${path}`, { dispatcher, headers: { accept: 'application/json' } })
    const text = await standard.text()
    t.equal(ours.status, standard.status, path)
    t.equal(ours.url, standard.url)
    t.same(ours.data, text === '' ? '' : JSON.parse(text))
    const undated = ({ date, ...headers }: Record<string, unknown>) => headers
    t.same(undated(ours.headers), undated(Object.fromEntries(standard.headers)), path)
  }
  t.equal(connections(), 1)
})

t.test('what is sent is JSON, and a refusal is an error with what it says', async (t) => {
  const got: string[] = []
  const { url, send } = await startServer(t, (request, response) => {
    request.setEncoding('utf8').on('data', (chunk: string) => void got.push(chunk))
    const refusal = {
      message: 'Validation Failed',
      errors: [{ field: 'ref' }],
      documentation_url: 'https://d',
    }
    request.on('end', () => {
      const isPlain = request.url === '/plain'
      response.setHeader('Content-Type', isPlain ? 'text/plain' : 'application/json')
      response.writeHead(422).end(isPlain ? 'No.' : JSON.stringify(refusal))
    })
  })
  const post = (path: string): Prepared => ({ ...get(`${url}${path}`), method: 'POST', body: { ref: 'é' } })
  const message = 'Validation Failed: {"field":"ref"} - https://d'
  await t.rejects(send(post('/')), { name: 'HttpError', status: 422, message })
  await t.rejects(send(post('/plain')), { name: 'HttpError', status: 422, message: 'No.' })
  t.same(got, ['{"ref":"é"}', '{"ref":"é"}'])
})

t.test('an answer that is cut short is an error, as is one that does not come', async (t) => {
  const { url, send } = await startServer(t, (request, response) => {
    if (request.url === '/none') return void request.socket.destroy()
    response.writeHead(200, { 'Content-Length': '100' }).write('{"half":')
    setImmediate(() => request.socket.destroy())
  })
  for (const path of ['/none', '/half']) {
    const error = await send(get(`${url}${path}`)).catch((error: unknown) => error)
    t.ok(error instanceof RequestError && error.response === undefined, path)
  }
})
