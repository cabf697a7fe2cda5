import t from 'tap'
import { eventually } from '../../fixtures/fleet.ts'
import { hubotSecret, startHubot } from '../../fixtures/hubot.ts'

const notice = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  room: 'ops',
  text: `${id} is done`,
  ...more,
})

t.test('notices are said in their rooms, each once', async (t) => {
  const hubot = await startHubot(t)
  t.strictSame(await hubot.notice(notice('one')), {
    status: 200,
    body: { outcome: 'said', message: 'It is said in ops.' },
  })
  t.strictSame(await hubot.said(), [{ room: 'ops', said: 'one is done' }])
  t.match(await hubot.notice(notice('one')), { status: 200, body: { outcome: 'said before' } })
  const all = await Promise.all([1, 2, 3].map(() => hubot.notice(notice('two', { room: '#deploys' }))))
  t.ok(all.every(({ status }) => status === 200))
  t.strictSame(await hubot.said(), [
    { room: 'ops', said: 'one is done' },
    { room: '#deploys', said: 'two is done' },
  ])
  t.match(
    await hubot.notice(notice('three', { text: 'Zwölf Boxkämpfer ✓\nand a line' })),
    { status: 200 },
    'it is bytes that are signed',
  )
  t.equal((await hubot.said()).at(-1)?.said, 'Zwölf Boxkämpfer ✓\nand a line')
})

t.test('what is not signed, or not now, is not said', async (t) => {
  const hubot = await startHubot(t, { env: { HUBOT_LIVRAISON_SECRET: `another one, ${hubotSecret}` } })
  const now = Math.floor(Date.now() / 1000)
  const body = notice('one')
  t.match(await hubot.notice(body, { secret: 'wrong' }), {
    status: 401,
    body: { message: /signature is wrong/ },
  })
  t.match(await hubot.notice(body, { sent: JSON.stringify(notice('one', { text: 'else' })) }), {
    status: 401,
  })
  t.match(await hubot.notice(body, { timestamp: now - 301 }), { status: 401, body: { message: /5 minutes/ } })
  t.match(await hubot.notice(body, { timestamp: now + 400 }), { status: 401 })
  const old = { 'x-livraison-timestamp': String(now - 10) }
  t.match(await hubot.notice(body, { headers: old }), { status: 401 }, 'the time is signed, too')
  const none = { 'x-livraison-signature-256': '', 'x-livraison-timestamp': 'soon' }
  t.match(await hubot.notice(body, { headers: none }), { status: 401, body: { message: /Timestamp/ } })
  t.strictSame(await hubot.said(), [])
  t.match(await hubot.notice(body, { secret: 'another one' }), { status: 200 }, 'one of several secrets')
  t.match(await hubot.notice(body, { timestamp: now - 290 }), {
    status: 200,
    body: { outcome: 'said before' },
  })
  t.equal((await hubot.said()).length, 1)
})

t.test('what is no notice is refused in words', async (t) => {
  const hubot = await startHubot(t, { env: { HUBOT_LIVRAISON_ROOMS: '#ops, nowhere' } })
  for (const body of ['no JSON', '[]', '{}', notice('one', { room: '' }), notice('one', { more: 1 })]) {
    t.match(await hubot.notice(body), { status: 400, body: { message: /id, room and text/ } })
  }
  t.match(await hubot.notice(notice('one', { room: 'other' })), {
    status: 404,
    body: { message: 'other is not among HUBOT_LIVRAISON_ROOMS.' },
  })
  t.match(await hubot.notice(notice('long', { text: 'x'.repeat(70_000) })), { status: 413 })
  for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
    const headers = { 'content-type': type }
    t.match(await hubot.notice(notice('one'), { headers }), {
      status: 415,
      body: { message: 'A notice comes as application/vnd.livraison.notice+json.' },
    })
  }
  t.match(
    await hubot.notice(notice('lost', { room: 'nowhere' })),
    { status: 503, body: { message: /could not be told now/ } },
    'the chat did not take it',
  )
  await eventually(() => hubot.log().includes('There is no room'), 'the reason in its log')
  t.strictSame(await hubot.said(), [])
  t.match(await hubot.notice(notice('one')), { status: 200 }, 'a # makes no difference')
})

t.test('what was said before Hubot was started again is not said once more', async (t) => {
  const first = await startHubot(t, { brain: true })
  t.match(await first.notice(notice('one')), { body: { outcome: 'said' } })
  await first.stop()
  const second = await startHubot(t, { brain: true, cwd: first.cwd })
  t.match(await second.notice(notice('one')), { status: 200, body: { outcome: 'said before' } })
  t.match(await second.notice(notice('two')), { body: { outcome: 'said' } })
  t.strictSame(await second.said(), [{ room: 'ops', said: 'two is done' }])
})

t.test('without a secret nothing is taken', async (t) => {
  const hubot = await startHubot(t, { env: { HUBOT_LIVRAISON_SECRET: '' } })
  t.match(await hubot.notice(notice('one'), { secret: '' }), {
    status: 403,
    body: { message: 'Notices are not taken: set HUBOT_LIVRAISON_SECRET for Hubot.' },
  })
})
