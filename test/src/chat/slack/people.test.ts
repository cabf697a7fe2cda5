// Who somebody in Slack is: by their member id, or by the address that Slack vouches for.
import { Redis } from 'ioredis'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { createFindActor } from '../../../../src/chat/slack/people.ts'
import type { SlackUser } from '../../../../src/chat/slack/requests.ts'
import { createFindAccount } from '../../../../src/chat/slack/users.ts'
import { testRedis } from '../../../fixtures/redis.ts'
import { testRules } from '../../../fixtures/rules.ts'
import { type SlackMember, startWorkspace } from '../../../fixtures/slack-workspace.ts'

const config = `repositories: {}
people:
  - { github: dora, slack: U0DORA }
  - { github: ada, email: ada@example.com }
`
const team = 'T0001'
const inTeam = (id: string, changes: Partial<SlackUser> = {}): SlackUser => ({
  ...{ id, team, askedIn: team, enterprise: undefined },
  ...changes,
})

/** Ada, as users.info tells of her. */
const ada = (changes: object = {}): SlackMember => ({
  ...{ id: 'U0ADA', team_id: team, name: 'ada', deleted: false, is_bot: false },
  ...{ is_restricted: false, is_ultra_restricted: false, is_email_confirmed: true },
  profile: { email: 'Ada@Example.com', real_name: 'Ada' },
  ...changes,
})

async function start(t: Test, { teams = [] as string[], token = 'xoxb-the-bot', text = config } = {}) {
  const slack = await startWorkspace(t)
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const tools = {
    botToken: token,
    apiUrl: slack.settings.apiUrl,
    redis,
    prefix,
    log: pino({ level: 'silent' }),
  }
  const find = createFindActor({ rules: testRules(text), teams, findAccount: createFindAccount(tools) })
  return { slack, find, redis, prefix }
}

t.test('by their id, and then Slack is not asked', async (t) => {
  const { slack, find } = await start(t)
  t.same(await find(inTeam('U0DORA')), { kind: 'person', name: 'dora', face: 'slack' })
  t.same(slack.asked, [])
})

t.test('by the address that Slack vouches for, which is asked for once in a while', async (t) => {
  const { slack, find } = await start(t)
  slack.members.push(ada())
  t.same(await find(inTeam('U0ADA')), { kind: 'person', name: 'ada', face: 'slack' })
  t.same(await find(inTeam('U0ADA')), { kind: 'person', name: 'ada', face: 'slack' })
  t.equal(slack.asked.length, 1)
  t.notOk(slack.asked[0]?.query.has('token'))
})

t.test('not those whom Slack does not vouch for, nor those of another workspace', async (t) => {
  const strange: [who: string, changes: object][] = [
    ['a guest', { is_restricted: true }],
    ['a guest of one channel', { is_ultra_restricted: true }],
    ['a bot', { is_bot: true }],
    ['somebody who has left', { deleted: true }],
    ['a stranger', { is_stranger: true }],
    ['somebody who has not confirmed it', { is_email_confirmed: false }],
    ['somebody of whom Slack does not say that they have', { is_email_confirmed: undefined }],
    ['somebody of another workspace', { team_id: 'T0OTHER' }],
    ['somebody without an address', { profile: {} }],
    ['somebody else', { profile: { email: 'eve@example.com' } }],
  ]
  for (const [who, changes] of strange) {
    const { slack, find } = await start(t)
    slack.members.push(ada(changes))
    await t.rejects(
      find(inTeam('U0ADA')),
      { code: 'forbidden', message: /^Nobody says who you are at GitHub/ },
      who,
    )
  }
})

t.test('somebody of the same organization is known in each of its workspaces', async (t) => {
  const { slack, find } = await start(t)
  slack.members.push(
    ada({ team_id: 'T0HOME', enterprise_user: { enterprise_id: 'E01', teams: ['T0HOME', team] } }),
  )
  t.match(await find(inTeam('U0ADA', { enterprise: 'E01' })), { name: 'ada' })
})

t.test('whom nobody names is told which line to add', async (t) => {
  const { find } = await start(t, { text: 'repositories: {}' })
  await t.rejects(find(inTeam('U0EVE')), { message: /- \{ github: YOUR-LOGIN, slack: U0EVE \}$/ })
})

t.test('that Slack cannot be asked is said, and never kept', async (t) => {
  const { slack, find } = await start(t)
  await t.rejects(find(inTeam('U0ADA')), { statusCode: 503, message: /\(user_not_found\)/ })
  slack.fail({ kind: 'cut' })
  await t.rejects(find(inTeam('U0ADA')), { statusCode: 503, message: /^Slack did not say who you are/ })
  slack.fail({ kind: 'answer', status: 429, headers: { 'retry-after': '30' } })
  await t.rejects(find(inTeam('U0ADA')), { statusCode: 503, message: /Try again in a while\.$/ })
  slack.fail({
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"ok":false,"error":"missing_scope"}',
  })
  await t.rejects(find(inTeam('U0ADA')), {
    message: /Give its app the scopes users:read and users:read\.email\.$/,
  })
  slack.members.push(ada())
  t.match(await find(inTeam('U0ADA')), { name: 'ada' })

  const other = await start(t, { token: 'xoxb-another' })
  await t.rejects(other.find(inTeam('U0ADA')), { message: /\(invalid_auth\).*SLACK_BOT_TOKEN/ })
})

t.test('in a shared channel, people of another workspace are nobody, unless it is named', async (t) => {
  const words = /^You are of the workspace T0OTHER.*SLACK_TEAM_ID/
  const { find } = await start(t)
  const visitor = inTeam('U0DORA', { team: 'T0OTHER' })
  await t.rejects(find(visitor), { message: words })
  const named = await start(t, { teams: [team] })
  await t.rejects(named.find(visitor), { message: words })
  t.match(await named.find(inTeam('U0DORA')), { name: 'dora' })
  await t.rejects(named.find(inTeam('U0DORA', { team: 'T0OTHER', askedIn: 'T0OTHER' })), { message: words })
  const both = await start(t, { teams: [team, 'T0OTHER'] })
  t.match(await both.find(visitor), { name: 'dora' })
  const grid = await start(t, { teams: ['E01'] })
  t.match(await grid.find(inTeam('U0DORA', { enterprise: 'E01' })), { name: 'dora' })
  await t.rejects(grid.find({ ...visitor, enterprise: 'E01' }), { message: words })
  await t.rejects(grid.find(inTeam('U0DORA')), { message: /^You are of the workspace T0001/ })
})
