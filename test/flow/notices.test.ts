// What a merge, and what goes wrong with it, is told to a real receiver of webhooks.
import { createHmac } from 'node:crypto'
import { Octokit } from '@octokit/rest'
import t, { type Test } from 'tap'
import { eventually, type Fleet, type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'
import { type Post, startToldServer, type ToldServer } from '../fixtures/told-server.ts'

const secret = 'a secret of both'

interface Told extends Fleet {
  server: ToldServer
  /** Waits for so many notices. */
  notices(count: number): Promise<Post[]>
}

async function start(t: Test, environments: string, options: FleetOptions & { notify?: string } = {}) {
  const server = await startToldServer(t)
  const config = `
notify:
  - webhook: { url: "${server.url}", secret: ${secret}, allow_private: true }
    ${options.notify ?? ''}
repositories:
  acme/shop:
    environments:
      ${environments}
`
  const fleet = await startFleet(t, { config, ...options })
  const told: Told = {
    ...fleet,
    server,
    notices: (count) =>
      eventually(() => (server.posts.length >= count ? server.posts : undefined), `${count} notices`, 15_000),
  }
  return told
}

t.test('a merge is told as it begins and as it ends, with all that there is to say', async (t) => {
  const fleet = await start(t, 'production: { simulate: 300ms, url: "https://shop.example" }')
  const first = await fleet.merge('Open the shop')
  await fleet.notices(2)
  const number = await fleet.merge('Mend the cart')
  const posts = await fleet.notices(4)
  const { sandbox } = fleet
  const [before, deployment] = sandbox.deployments(shop)
  const { mergeCommitSha: sha } = sandbox.pullRequest(shop, number)
  const about = {
    repository: shop,
    environment: 'production',
    sha,
    deployment: deployment?.id,
    by: 'octocat',
    byPerson: true,
    task: 'deploy',
    what: `#${number} Mend the cart`,
    pullRequest: number,
    changes: { base: before?.sha, total: Number, commits: [{ sha, login: 'octocat' }] },
    urls: {
      repository: `${sandbox.url}/acme/shop`,
      commit: `${sandbox.url}/acme/shop/commit/${sha}`,
      compare: `${sandbox.url}/acme/shop/compare/${before?.sha}...${sha}`,
      pullRequest: `${sandbox.url}/acme/shop/pull/${number}`,
      log: new RegExp(`/deployments/acme/shop/${deployment?.id}$`),
      environment: 'https://shop.example',
      why: /\/why\/acme\/shop\/production$/,
    },
  }
  t.match(
    posts.map(({ body: { state, pullRequest } }) => [state, pullRequest]),
    [
      ['in_progress', first],
      ['success', first],
      ['in_progress', number],
      ['success', number],
    ],
  )
  t.match(posts[2]?.body, { ...about, usualMs: Number, lines: Array })
  t.notOk(posts[2]?.body.tookMs)
  t.match(posts[3]?.body, { ...about, tookMs: Number, usualMs: Number, description: /^Deployed/ })
  t.match(posts[3]?.body.title, 'production')
  t.equal(String(posts[3]?.body.text).split('\n')[0], posts[3]?.body.title)
  t.notOk(posts[0]?.body.changes, 'nothing was there before the first')
  for (const { headers, raw } of posts) {
    const signed = `${headers['x-livraison-timestamp']}.${raw}`
    const digest = createHmac('sha256', secret).update(signed).digest('hex')
    t.equal(headers['x-livraison-signature-256'], `sha256=${digest}`)
    t.equal(headers['content-type'], 'application/json; charset=utf-8')
  }
  t.same(sandbox.violations, [])
})

t.test('a failure names those whose change it is', async (t) => {
  const fleet = await start(t, 'production: { run: "test ! -e broken" }', {
    notify: 'on: [success, failure]',
  })
  await fleet.merge('Open the shop')
  await fleet.notices(1)
  const { number } = await fleet.sandbox.openPullRequest(shop, { title: 'Break it', files: { broken: '' } })
  await fleet.sandbox.mergePullRequest(shop, number)
  const [, failed] = await fleet.notices(2)
  t.match(failed?.body, { state: 'failure', pullRequest: number, authors: ['octocat'], tookMs: Number })
})

t.test('that no deployment is made of a merge is told with the reason', async (t) => {
  const fleet = await start(t, 'production: { simulate: 10ms }')
  const { sandbox } = fleet
  sandbox.faults.loseDeliveries({ event: 'pull_request', times: 2 })
  const { number } = await sandbox.openPullRequest(shop, { title: 'Mend the cart' })
  const sha = await sandbox.mergePullRequest(shop, number)
  await sandbox.createCommitStatus(shop, sha, { state: 'failure', context: 'ci/test' })
  sandbox.redeliver(sandbox.deliveries().findLast(({ action }) => action === 'closed')?.guid ?? '')
  const [post] = await fleet.notices(1)
  t.match(post?.body, {
    state: 'skipped',
    sha,
    pullRequest: number,
    by: 'octocat',
    what: `#${number} Mend the cart`,
    description: /^The CI of [0-9a-f]{7} has failed: ci\/test \(failure\)\. Push a fix/,
  })
  t.match(post?.headers['x-livraison-notice'], /^skipped-merge-/)
  t.notOk(post?.body.deployment)
})

t.test(
  'what others deploy is told by what GitHub says; whose payload it is counts for nothing',
  async (t) => {
    const fleet = await start(t, 'production: { simulate: 10ms }')
    const { sandbox } = fleet
    const made = await sandbox.createDeployment(shop, {
      ref: 'main',
      environment: 'production',
      description: 'Nightly',
      user: 'builder[bot]',
      payload: { deploy_user: 'monalisa', notify: { adapter: 'slack', room: 'ops', user_name: 'mona' } },
    })
    if (!('id' in made)) return t.fail(made.message)
    const github = new Octokit({ auth: sandbox.token, baseUrl: sandbox.apiUrl })
    const one = { owner: 'acme', repo: 'shop', deployment_id: made.id }
    const pages = { log_url: 'https://ci.example/1', environment_url: 'javascript:alert(1)' }
    await github.rest.repos.createDeploymentStatus({
      ...one,
      ...pages,
      state: 'failure',
      description: 'Tests',
    })
    const [post] = await fleet.notices(1)
    t.match(post?.body, {
      ...{ state: 'failure', deployment: made.id, by: 'builder[bot]', byPerson: false, what: 'Nightly' },
      description: 'Tests',
      askedIn: { adapter: 'slack', room: 'ops', user: 'mona' },
      urls: { log: 'https://ci.example/1' },
    })
    t.notMatch(post?.raw, /monalisa|javascript/)
  },
)

t.test('what was asked for in a chat room says in which', async (t) => {
  const fleet = await start(t, 'production: { simulate: 10ms }', { notify: 'on: [success]' })
  await fleet.sandbox.createDeployment(shop, {
    ref: 'main',
    environment: 'production',
    payload: JSON.stringify({ notify: { room: '#ops', user: 'U1', user_name: 'mona', thread_id: 17.5 } }),
  })
  const [post] = await fleet.notices(1)
  t.match(post?.body, { state: 'success', askedIn: { room: '#ops', user: 'mona', threadId: '17.5' } })
})

t.test('a channel that is broken is seen in the API and on the page, without its address', async (t) => {
  const fleet = await start(t, 'production: { simulate: 10ms }', { notify: 'on: [success]' })
  fleet.server.answer = (response) => void response.writeHead(503).end()
  await fleet.merge()
  const { body } = await eventually(async () => {
    const answer = await fleet.receiver.api('/channels')
    return JSON.stringify(answer.body).includes('broken') ? answer : undefined
  }, 'that it is broken')
  t.match(body, {
    channels: [
      {
        ...{ name: 'webhook (everything)', kind: 'webhook', repository: null, state: 'broken' },
        ...{ reason: 'it answered 503', since: String, waiting: 1, letGo: 0, toldAt: null },
      },
    ],
  })
  t.notMatch(JSON.stringify(body), String(fleet.server.port))
})
