import t, { type Test } from 'tap'
import { noticeStates } from '../../../src/notices/notice.ts'
import { createEmailNotifier } from '../../../worker/notifiers/email.ts'
import type { Notifier, Telling } from '../../../worker/notifiers/notifier.ts'
import { headersOf, type MailSink, mailUser, selfSigned, startMailSink } from '../../fixtures/chats/smtp.ts'
import { allOf, someTools, tellingOf, whyNot } from '../../fixtures/notices.ts'
import { absent } from '../../fixtures/programs.ts'

const to = ['ops@example.com', 'dev@example.com']
const credentials = `${mailUser.user}:${encodeURIComponent(mailUser.password)}`

function notifier(sink: MailSink, { scheme = 'smtp', login = '', ca = '' } = {}): Notifier {
  const server = `${scheme}://${login === '' ? '' : `${login}@`}${sink.host}:${sink.port}`
  const target = { kind: 'email', server, from: 'Livraison <deploy@example.com>', to } as const
  return createEmailNotifier(target, someTools, ca === '' ? {} : { ca })
}

async function start(t: Test): Promise<{ sink: MailSink; tell: Notifier; memory: Telling['memory'] }> {
  const sink = await startMailSink(t)
  return { sink, tell: notifier(sink), memory: tellingOf().memory }
}

t.test('each state is a message of its thread', async (t) => {
  const { sink, tell, memory } = await start(t)
  for (const state of noticeStates) await tell(tellingOf({ state }, { memory }))
  t.equal(sink.mails.length, noticeStates.length)
  const heads = sink.mails.map(headersOf)
  const ids = heads.map((head) => head.get('message-id'))
  t.equal(new Set(ids).size, noticeStates.length)
  t.match(ids[0], /^<[0-9a-f]{40}@example\.com>$/)
  t.equal(heads[0]?.get('in-reply-to'), undefined)
  t.equal(heads[2]?.get('in-reply-to'), ids[1])
  t.equal(heads[2]?.get('references'), `${ids[0]} ${ids[1]}`)
  for (const head of heads) t.equal(head.get('auto-submitted'), 'auto-generated')
  t.match(heads[0]?.get('subject'), /^octocat is about to deploy acme\/shop main/)
  t.match(sink.mails[0]?.raw, /text\/plain.*text\/html/s)
})

t.test('who is mentioned gets a copy', async (t) => {
  const { sink, tell } = await start(t)
  await tell(tellingOf({ state: 'failure' }))
  t.same(sink.mails[0]?.to, [...to, 'octo@example.com'])
  t.match(headersOf(sink.mails[0] ?? never()).get('cc'), 'octo@example.com')
})

t.test('a message sent again is the same one', async (t) => {
  const { sink, tell, memory } = await start(t)
  sink.loseNext()
  const lost = await whyNot(tell(tellingOf({}, { memory })))
  t.match(lost, { name: 'ChannelTrouble', isCertain: false })
  await tell(tellingOf({}, { memory, uncertain: true }))
  const [first, second] = sink.mails.map((mail) => headersOf(mail).get('message-id'))
  t.ok(first)
  t.equal(first, second)
  await tell(tellingOf({}, { memory, uncertain: true }))
  t.equal(sink.mails.length, 2, 'what is known to have been sent is not sent again')
})

/** Only there are all addresses 127.x.x.x this machine's. */
const notLinux = process.platform !== 'linux' && 'there is no 127.0.0.2'

t.test('by STARTTLS and by TLS, with a login', { skip: notLinux || absent('openssl') }, async (t) => {
  const host = '127.0.0.2'
  const { key, cert } = selfSigned(t, host)
  const withTls = { host, key, cert, disabledCommands: [], authOptional: false }
  const sink = await startMailSink(t, withTls)
  await notifier(sink, { login: credentials, ca: cert })(tellingOf())
  t.match(sink.mails, [{ isSecure: true, user: mailUser.user }])
  const secure = await startMailSink(t, { ...withTls, secure: true })
  await notifier(secure, { scheme: 'smtps', login: credentials, ca: cert })(tellingOf())
  t.match(secure.mails, [{ isSecure: true, user: mailUser.user }])

  const unknown = await whyNot(notifier(sink, { login: credentials })(tellingOf()))
  t.match(unknown, { isCertain: true, message: /TLS/ }, 'a certificate that nobody signed is not trusted')
  const wrong = await whyNot(notifier(sink, { login: 'livraison:nonsense', ca: cert })(tellingOf()))
  t.match(wrong, { name: 'ChannelTrouble', isCertain: true, message: /535.*user and password/ })
  t.notMatch(allOf(wrong), /nonsense/)
  const nobody = await whyNot(notifier(sink, { ca: cert })(tellingOf()))
  t.match(nobody, { name: 'ChannelTrouble', message: /530.*user and password/ })
})

t.test('nothing is sent in clear to another machine', { skip: notLinux }, async (t) => {
  const sink = await startMailSink(t, { host: '127.0.0.2' })
  const refused = await whyNot(notifier(sink, { login: credentials })(tellingOf()))
  t.match(refused, { isCertain: true, message: /TLS/ })
  t.same(sink.mails, [])
})

t.test('an address that cannot be read is not quoted', async (t) => {
  for (const server of ['smtp://u:se%cret@mail.example.com', 'smtp://u:secret@mail example.com']) {
    const target = { kind: 'email', server, from: 'deploy@example.com', to } as const
    const error = await whyNot(createEmailNotifier(target, { people: () => [] })(tellingOf()))
    t.equal(error.name, 'ChannelTrouble')
    t.notMatch(allOf(error), /se%?cret/)
  }
})

t.test('4xx is trouble, 5xx refuses the message', async (t) => {
  const { sink, tell } = await start(t)
  sink.answer.data.push(451, 554)
  t.match(await whyNot(tell(tellingOf())), {
    isCertain: true,
    message: 'The mail server answered 451 to DATA.',
  })
  t.match(await whyNot(tell(tellingOf())), { name: 'NoticeRefused', message: /554/ })
  sink.answer.from.push(553, 421, 552)
  t.match(await whyNot(tell(tellingOf())), { name: 'ChannelTrouble', message: /553.*`from`/ })
  t.match(await whyNot(tell(tellingOf())), { name: 'ChannelTrouble', isCertain: true })
  t.match(await whyNot(tell(tellingOf())), { name: 'NoticeRefused', message: /552/ })
  sink.answer.connect.push(421, 554)
  t.match(await whyNot(tell(tellingOf())), { name: 'ChannelTrouble', isCertain: true })
  t.match(await whyNot(tell(tellingOf())), { name: 'ChannelTrouble', isCertain: true })
  t.same(sink.mails, [])
})

t.test('only who was put off is tried again, and who is refused is said', async (t) => {
  const { sink, tell, memory } = await start(t)
  sink.recipients.set('dev@example.com', 450)
  const later = await whyNot(tell(tellingOf({}, { memory })))
  t.match(later, { name: 'ChannelTrouble', isCertain: true, message: /put off 1 / })
  sink.recipients.clear()
  await tell(tellingOf({}, { memory }))
  t.same(
    sink.mails.map((mail) => mail.to),
    [['ops@example.com'], ['dev@example.com']],
  )
  sink.recipients.set('dev@example.com', 550)
  const other = { memory: tellingOf().memory }
  const refused = await whyNot(tell(tellingOf({ id: 'other' }, other)))
  t.match(refused, { name: 'NoticeRefused', message: /dev@example\.com; sent to 1 others/ })
  sink.recipients.set('ops@example.com', 550)
  t.match(await whyNot(tell(tellingOf())), { name: 'NoticeRefused' })
  sink.recipients.set('ops@example.com', 450)
  t.match(await whyNot(tell(tellingOf())), { name: 'ChannelTrouble', isCertain: true })
})

t.test('a server that is down or silent is trouble', async (t) => {
  const { sink, tell } = await start(t)
  await sink.stop()
  const down = await whyNot(tell(tellingOf()))
  t.match(down, { isCertain: true, message: 'The mail server could not be reached (ECONNREFUSED).' })
  const silent = await startMailSink(t, { onData: () => {} })
  const slow = await whyNot(notifier(silent)(tellingOf({}, { signal: AbortSignal.timeout(300) })))
  t.match(slow, { name: 'ChannelTrouble', isCertain: false })
})

function never(): never {
  throw new Error('No message came.')
}
