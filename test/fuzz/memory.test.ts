// Many large bodies at once: the receiver's memory has an end, and GitHub is heard meanwhile.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import t from 'tap'
import { startReceiverProcess } from '../../scripts/fuzz/receiver-process.ts'
import { signed } from '../fixtures/deliveries.ts'
import { deliverTo } from '../fixtures/receiver.ts'
import { ownRedis } from '../fixtures/redis.ts'

t.setTimeout(120_000)

const mebibyte = 1024 * 1024
const linux = process.platform === 'linux' ? false : 'only Linux tells the most that a process has had'
const secrets = {
  webhook: 'w'.repeat(32),
  slack: 's'.repeat(32),
  hubot: 'h'.repeat(32),
  admin: 'a'.repeat(32),
  viewer: '',
}

/** The two pots, what is put together of them, and what Node has not collected yet. */
const mostGrowth = 512 * mebibyte

t.test('two hundred uploads of 25 MiB that somebody has forged', { skip: linux }, async (t) => {
  const { url: redisUrl } = await ownRedis(t)
  const receiver = await startReceiverProcess({ redisUrl, secrets, cwd: t.testdir({}) })
  t.teardown(() => receiver.stop())
  const before = (await receiver.state()).rssBytes
  const body = Buffer.alloc(25 * mebibyte, 'x')
  const statuses = Array.from({ length: 200 }, (_, at) => upload(receiver.port, `127.0.0.${at + 1}`, body))
  const ping = signed('ping', {}, { secret: secrets.webhook })
  const meanwhile = await deliverTo(`http://127.0.0.1:${receiver.port}`, ping)
  t.equal(meanwhile.status, 200, 'GitHub is heard')
  const all = await Promise.all(statuses)
  const most = mostMemory(receiver.pid)
  t.comment(`${all.filter((each) => each === '503').length} were told 503`)
  t.comment(`${Math.round(before / mebibyte)} MiB before, ${Math.round(most / mebibyte)} MiB at the most`)
  t.strictSame(
    all.filter((each) => !['401', '429', '503'].includes(each)),
    [],
  )
  t.ok(all.includes('503'), 'not all are borne')
  t.ok(most - before < mostGrowth, `${most - before} more`)
  t.equal((await deliverTo(`http://127.0.0.1:${receiver.port}`, ping)).status, 200)
  t.equal(receiver.ended(), undefined)
  t.strictSame(receiver.faults, [])
})

/** Sends a body with a signature that is none, until there is an answer; gives its status. */
function upload(port: number, localAddress: string, body: Buffer): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.write(
    `POST /event_handler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  socket.write(body)
  return new Promise((resolve) => {
    socket.on('error', () => {})
    socket.on('close', () => resolve('closed'))
    socket.once('data', (chunk) => {
      resolve(/^HTTP\/1\.1 (\d+)/.exec(String(chunk))?.[1] ?? 'odd')
      socket.destroy()
    })
  })
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function mostMemory(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kibibytes) * 1024
}
