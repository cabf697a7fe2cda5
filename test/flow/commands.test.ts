import t from 'tap'
import { type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { testAdminToken } from '../fixtures/receiver.ts'
import { startDeployer } from '../worker/executors/request/server.ts'

const config = `
repositories:
  acme/shop:
    environments:
      staging:
        run: echo "$ENVIRONMENT gets $(cat README.md | wc -l) line(s) of $SHA" && test "$(git rev-parse HEAD)" = "$SHA"
        env: { TARGET: staging.internal }
        url: https://staging.shop.example
      production:
        after: staging
        run: test "$ENVIRONMENT" = production && test -z "$GITHUB_TOKEN" && echo shipped
      broken:
        on: manual
        run: echo "the disk is full" >&2; exit 3
`

t.test('a merge runs its command on staging, then on production, at the same commit', async (t) => {
  const { sandbox, merge, finalStates } = await startFleet(t, { config, workers: 2 })
  const number = await merge()
  const sha = sandbox.pullRequest(shop, number).mergeCommitSha
  const staging = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.match(staging, { environment: 'staging', sha })
  t.same(await finalStates(staging.id), ['pending', 'in_progress', 'success'])
  t.equal(staging.statuses.at(-1)?.environmentUrl, 'https://staging.shop.example')

  const production = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.match(production, { environment: 'production', sha })
  t.same(await finalStates(production.id), ['pending', 'in_progress', 'success'])
  t.same(sandbox.violations, [])
})

t.test('a command that fails says how, and its log is there to read', async (t) => {
  const { sandbox, finalStates, receiver } = await startFleet(t, { config })
  const made = await sandbox.createDeployment(shop, {
    ref: 'main',
    environment: 'broken',
    auto_merge: false,
    required_contexts: [],
  })
  const id = 'id' in made ? made.id : 0
  t.same(await finalStates(id), ['pending', 'in_progress', 'failure'])
  t.match(sandbox.deployments(shop)[0]?.statuses.at(-1)?.description, /status 3.*the disk is full/)

  const log = await fetch(`${receiver.url}/api/deployments/${shop}/${id}/log`, {
    headers: { authorization: `Bearer ${testAdminToken}` },
  })
  t.match(await log.text(), /^the disk is full$/m)
  t.match(await receiver.api(`/deployments/${shop}/${id}`), {
    status: 200,
    body: { rules: /^[0-9a-f]{6,}$/ },
  })
})

/** A deployment that somebody makes, with this payload. */
async function make({ sandbox }: Fleet, environment: string, payload: unknown): Promise<number> {
  const request = { ref: 'main', environment, payload, auto_merge: false, required_contexts: [] }
  const made = await sandbox.createDeployment(shop, request)
  return 'id' in made ? made.id : 0
}

async function linesOf({ receiver }: Fleet, id: number): Promise<string[]> {
  const log = await fetch(`${receiver.url}/api/deployments/${shop}/${id}/log`, {
    headers: { authorization: `Bearer ${testAdminToken}` },
  })
  return (await log.text()).split('\n').map((line) => line.replace(/^\S+ {2}/, ''))
}

const asked = ({ sandbox }: Fleet) =>
  sandbox.requests.filter(({ operationId }) => operationId === 'repos/get-deployment').length

const payloads = `repositories:
  acme/shop:
    environments:
      shown: { on: manual, run: 'printf "payload %s\\n" "$(cat "$PAYLOAD_FILE")"; env' }
      simulated: { on: manual, simulate: 5ms }
`

t.test('a command gets the whole payload as JSON, and nothing in it sets anything', async (t) => {
  const fleet = await startFleet(t, { config: payloads })
  const hostile = {
    PATH: '/nowhere',
    LD_PRELOAD: '/nowhere/evil.so',
    env: { PATH: '/nowhere' },
    BRANCH: '/nowhere',
    branch: '-rf; touch PWNED',
    tag: 'v1\n$(touch PWNED)',
    deep: [{ a: [1, null, '"'] }],
  }
  const rows: [payload: unknown, given: unknown][] = [
    [hostile, hostile],
    [JSON.stringify(hostile), hostile],
    [JSON.stringify(JSON.stringify({ version: 3 })), { version: 3 }],
    ['no JSON', 'no JSON'],
    ['', {}],
    [{}, {}],
    [undefined, {}],
  ]
  for (const [payload, given] of rows) {
    const id = await make(fleet, 'shown', payload)
    t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
    const lines = await linesOf(fleet, id)
    const shown = lines.find((line) => line.startsWith('payload ')) ?? ''
    t.same(JSON.parse(shown.slice('payload '.length)), given)
    const environment = lines.filter((line) => /^\w+=/.test(line))
    t.notMatch(environment.join('\n'), /nowhere|LD_PRELOAD/)
    if (given === hostile) t.ok(environment.includes(`BRANCH=${hostile.branch}`))
  }
  t.equal(asked(fleet), rows.length)
  t.same(await fleet.finalStates(await make(fleet, 'simulated', hostile)), [
    'pending',
    'in_progress',
    'success',
  ])
  t.equal(asked(fleet), rows.length, 'who does not hand it on does not ask for it')
  t.same(fleet.sandbox.violations, [])
})

t.test(
  'while the payload cannot be read the work does not begin; if it never can, it ends in words',
  async (t) => {
    const fleet = await startFleet(t, { config: payloads })
    fleet.sandbox.faults.add({ operation: 'repos/get-deployment', answer: { status: 502 }, times: 2 })
    const first = await make(fleet, 'shown', { version: 1 })
    t.same(await fleet.finalStates(first), ['pending', 'in_progress', 'success'])
    t.equal(asked(fleet), 3)
    t.equal((await linesOf(fleet, first)).filter((line) => line.startsWith('Checked out')).length, 1)

    fleet.sandbox.faults.add({ operation: 'repos/get-deployment', answer: { status: 404 } })
    const second = await make(fleet, 'shown', { version: 2 })
    t.same(await fleet.finalStates(second), ['pending', 'error'])
    t.match(fleet.sandbox.deployments(shop)[1]?.statuses.at(-1)?.description, /^GitHub answered 404 to GET /)
  },
)

t.test('a request puts fields of the payload where it says', async (t) => {
  const deployer = await startDeployer(t, [{ status: 200 }])
  const fleet = await startFleet(t, {
    config: `repositories:
  acme/shop:
    environments:
      called:
        on: manual
        request:
          url: "${deployer.url}/deploy"
          body: { to: "{{payload.build.version}}", none: "{{payload.none}}", all: "{{payload.build}}", of: "{{branch}}" }
          allow_private: true
`,
  })
  const payload = { build: { version: '1.2", "admin": true' }, branch: 'topic' }
  await fleet.finalStates(await make(fleet, 'called', payload))
  t.same(JSON.parse(deployer.asked[0]?.body ?? ''), {
    to: payload.build.version,
    none: '',
    all: '',
    of: 'topic',
  })
})
