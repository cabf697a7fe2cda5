// What the benchmark sends, and how it reads what comes back.
import t from 'tap'
import { isComplete } from '../../../scripts/bench/client.ts'
import { type ContentType, createDeliveries, deploymentDelivery } from '../../../scripts/bench/deliveries.ts'
import { timesOf } from '../../../scripts/bench/parts/latency.ts'
import { rulesWithoutFile } from '../../../src/config/without-file.ts'
import { decide } from '../../../src/events/decide.ts'
import { readBody } from '../../../src/webhook/body.ts'
import { isSigned } from '../../../src/webhook/signature.ts'

const secret = 'a secret'

function read(request: Buffer) {
  const end = request.indexOf('\r\n\r\n')
  const head = request.subarray(0, end).toString()
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? ''
  return { header, body: request.subarray(end + 4) }
}

for (const contentType of ['json', 'form'] as ContentType[]) {
  t.test(`each delivery asks for a job of its own: ${contentType}`, async (t) => {
    const jobs = new Set<string>()
    const guids = new Set<string>()
    for (const request of createDeliveries(contentType, secret).next(9)) {
      const { header, body } = read(request)
      t.equal(body.length, Number(header('content-length')))
      t.ok(isSigned(body, header('x-hub-signature-256'), [secret]))
      const payload = readBody(body, header('content-type'))
      const decision = decide(header('x-github-event'), payload, 'guid', rulesWithoutFile(0))
      t.equal(decision.outcome, 'jobs')
      if (decision.outcome === 'jobs') for (const job of decision.jobs) jobs.add(job.id)
      guids.add(header('x-github-delivery'))
    }
    t.equal(jobs.size, 9)
    t.equal(guids.size, 9)
  })
}

t.test('a deployment for an environment', async (t) => {
  const { header, body } = read(deploymentDelivery('quick', 12, secret))
  const payload = readBody(body, header('content-type'))
  const decision = decide('deployment', payload, 'guid', rulesWithoutFile(0))
  t.match(decision, {
    outcome: 'jobs',
    jobs: [{ id: 'deployment-12', data: { deployment: { production: false } } }],
  })
})

t.test('when an answer is whole', async (t) => {
  const head = 'HTTP/1.1 202 Accepted\r\nContent-Length: 4'
  t.notOk(isComplete(head))
  t.notOk(isComplete(`${head}\r\n\r\nabc`))
  t.ok(isComplete(`${head}\r\n\r\nabcd`))
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  t.notOk(isComplete(`${chunked}2\r\nab\r\n`))
  t.ok(isComplete(`${chunked}2\r\nab\r\n0\r\n\r\n`))
})

t.test("times are taken without GitHub's own", async (t) => {
  const call = (state: string, at: number, tookMs: number, description = '') => ({
    ...{ what: 'POST', deployment: 1, state, at, tookMs, description },
  })
  const calls = [
    call('', 105, 2),
    call('pending', 110, 3),
    call('in_progress', 120, 1),
    call('success', 140, 1, 'ended 133'),
  ]
  t.same(timesOf(calls, 100), { pending: 8, begun: 15, final: 7 })
})
