// What the doctor says of a GitHub App.
import t from 'tap'
import {
  hookFinding,
  installationFindings,
  lackFindings,
  signInFinding,
} from '../../../src/cli/doctor/github-app.ts'
import { neededEvents, permissionsByName } from '../../../src/github/app/needs.ts'

const events = neededEvents.map(({ name }) => name)
const all = { permissions: permissionsByName(), events }
const page = 'https://github.com/apps/livraison'

t.test('whether GitHub takes it', async (t) => {
  const soon = "'Expiration time' claim ('exp') is too far in the future"
  t.match(signInFinding(401, soon), { level: 'fail', todo: /clock/ })
  t.match(signInFinding(401, 'A JSON web token could not be decoded'), {
    level: 'fail',
    todo: /make a new key/,
  })
})

t.test('what it may not, and does not hear', async (t) => {
  t.same(lackFindings({ ...all, html_url: page }), [])
  const permissions = { ...all.permissions, deployments: 'read', checks: 'write', members: undefined }
  t.match(lackFindings({ permissions, events: events.slice(1), html_url: page }), [
    { level: 'warn', text: /^it lacks permissions: deployments: write \(.*\); members: read \(/, todo: page },
    { level: 'warn', text: /^it is not told of: pull_request \(merges are deployed/ },
  ])
})

t.test('where its webhook leads', async (t) => {
  const ours = 'https://livraison.example/event_handler'
  t.match(hookFinding(ours.replace('https:', 'http:'), ours), { level: 'ok' })
  t.match(hookFinding('https://smee.io/x', ours), { level: 'warn', text: /not here/, todo: /event_handler/ })
  t.match(hookFinding('', ours), { level: 'warn', text: /nowhere/ })
})

t.test('where it is installed', async (t) => {
  const on = (login: string, more: object = {}) => ({
    ...{ account: { login }, html_url: `https://github.com/${login}`, suspended_at: null },
    ...all,
    ...more,
  })
  t.match(installationFindings([], page), [{ level: 'fail', todo: `Install it: ${page}/installations/new` }])
  t.match(installationFindings({ message: 'no' }, page), [{ level: 'warn' }])
  const lacking = { permissions: { ...all.permissions, statuses: 'read' } }
  t.match(
    installationFindings([on('acme'), on('b', { suspended_at: '2026-01-01' }), on('c', lacking)], page),
    [
      { level: 'ok', text: 'installed on acme' },
      { level: 'fail', text: 'it is suspended on b', todo: /github.com\/b/ },
      { level: 'warn', text: /installed on c, where it may not: statuses: write/, todo: /Accept/ },
    ],
  )
})
