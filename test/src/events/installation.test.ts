import t from 'tap'
import type { Rules } from '../../../src/config/rules.ts'
import { decide } from '../../../src/events/decide.ts'
import { madeByAnother } from '../../../src/events/foreign.ts'
import { testRules } from '../../fixtures/rules.ts'

const ourApp = { id: 7, bot: 'livraison[bot]' }
const rules: Rules = { ...testRules().current, ourApp }
const change = {
  installation: { id: 12, app_id: 7, account: { login: 'acme' } },
  sender: { login: 'mona' },
}

t.test('whose a deployment is', async (t) => {
  const by = (login: string, type = 'Bot', app: { id?: number; slug?: string } | null = null) =>
    madeByAnother({ deployment: { creator: { login, type }, performed_via_github_app: app } }, ourApp)
  t.equal(by('livraison[bot]'), undefined, 'by our bot')
  t.equal(by('livraison[bot]', 'Bot', { id: 7 }), undefined, 'by our App')
  t.equal(by('octocat', 'User'), undefined)
  t.match(by('other[bot]'), /The bot other\[bot\] made this/)
  t.match(by('livraison[bot]', 'Bot', { id: 8, slug: 'other' }), /The GitHub App other made this/)
  t.match(by('livraison[bot]', 'Bot', {}), /of another system/)
  const unknown = { id: 7, bot: undefined }
  const deployment = { creator: { login: 'livraison[bot]', type: 'Bot' } }
  t.match(madeByAnother({ deployment }, unknown), /The bot/, 'until GitHub says who we are')
  t.match(madeByAnother({ deployment }), /The bot/, 'and where we are none')
  t.match(madeByAnother({ workflow_run: {}, deployment }, ourApp), /GitHub Actions/)
})

t.test('what waits is ended where the App is taken off', async (t) => {
  t.match(decide('installation', { action: 'deleted', ...change }, 'guid', rules), {
    outcome: 'jobs',
    jobs: [
      {
        name: 'end-waiting',
        id: 'end-waiting-12',
        data: {
          owner: 'acme',
          by: 'mona',
          words: 'mona has uninstalled the GitHub App from acme. Install it again, then deploy again.',
          delivery: 'guid',
        },
      },
    ],
  })
  const removed = { action: 'removed', ...change, repositories_removed: [{ id: 1 }, { id: 2 }] }
  t.match(decide('installation_repositories', removed, 'guid', rules), {
    jobs: [{ id: 'end-waiting-12-1-2', data: { repositories: [1, 2] } }],
  })
  const long = { ...change, installation: { ...change.installation, account: { login: 'a'.repeat(200) } } }
  const decision = decide('installation', { action: 'suspend', ...long }, 'guid', rules)
  t.ok(decision.outcome === 'jobs' && decision.jobs[0]?.name === 'end-waiting')
  if (decision.outcome === 'jobs' && decision.jobs[0]?.name === 'end-waiting') {
    t.ok(decision.jobs[0].data.words.length <= 140)
  }
})

t.test('what asks for nothing', async (t) => {
  const reason = (event: string, payload: object, of = rules) => decide(event, payload, 'guid', of)
  t.match(reason('installation', { action: 'unsuspend', ...change }), {
    outcome: 'ignored',
    reason: /unsuspend/,
  })
  t.match(reason('installation_repositories', { action: 'added', ...change, repositories_removed: [] }), {
    outcome: 'ignored',
  })
  const others = { ...change, installation: { ...change.installation, app_id: 8 } }
  t.match(reason('installation', { action: 'deleted', ...others }), { reason: /another GitHub App/ })
  t.match(reason('installation', { action: 'deleted', ...change }, testRules().current), {
    reason: 'Nothing is done on installation events.',
  })
  t.throws(() => reason('installation', { action: 'deleted' }), { name: 'BadRequest' })
})
