import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PageHead } from './components/page.tsx'
import type { RenderPage } from './render.tsx'

/** An error as the receiver answers it. */
interface ErrorAnswer {
  statusCode: number
  error: string
  message: string
}

/** Gives browsers a page where others get an error as JSON. The API, and whoever else sends JSON, keep it. */
export function addErrorPages(app: FastifyInstance, { html }: RenderPage): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode < 400 || !isForPeople(request)) return done()
    const answer = readError(reply.getHeader('content-type'), payload)
    if (answer === undefined) return done()
    reply.removeHeader('content-length')
    return html(request, reply, {
      title: answer.error,
      body: <ErrorPage {...answer} />,
    })
  })
}

function ErrorPage({ statusCode, error, message }: ErrorAnswer) {
  return (
    <PageHead title={statusCode === 404 ? 'There is nothing here' : error} above={`Status ${statusCode}`}>
      <p>{message}</p>
      <p>
        <a href="/">All deployments</a>
      </p>
    </PageHead>
  )
}

function isForPeople({ url, headers }: FastifyRequest): boolean {
  return !/^\/(api|event_handler|callbacks|live)\b/.test(url) && /\btext\/html\b/i.test(headers.accept ?? '')
}

function readError(type: unknown, payload: unknown): ErrorAnswer | undefined {
  if (typeof payload !== 'string' || !String(type).startsWith('application/json')) return undefined
  const { statusCode, error, message } = JSON.parse(payload)
  return typeof message === 'string' ? { statusCode, error: String(error), message } : undefined
}
