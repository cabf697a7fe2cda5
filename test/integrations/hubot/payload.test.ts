import t from 'tap'
import { readDeploymentPayload } from '../../../src/deployments/payload.ts'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { testAdminToken } from '../../fixtures/receiver.ts'

/** As hubot-deploy 0.13 writes it, by its source. */
const ofHubotDeploy = (hosts: unknown) => ({
  name: 'shop-web',
  robotName: 'hubot',
  hosts,
  notify: {
    adapter: 'slack',
    room: 'ops',
    user: 'U0123',
    user_name: 'atmos',
    message_id: '1',
    thread_id: '2',
  },
  config: { provider: 'shell', repository: 'acme/shop', deploy_script: 'script/deploy' },
})

t.test("hubot-deploy's payload is understood, and identifies nobody", async (t) => {
  const facts = readDeploymentPayload(ofHubotDeploy('fe1,fe2'))
  t.strictSame(facts, {
    askedIn: { adapter: 'slack', room: 'ops', user: 'atmos', threadId: '2' },
    app: 'shop-web',
    hosts: 'fe1,fe2',
  })
  t.equal(facts.deployUser, undefined, 'whoever may create deployments may write any name there')
  t.notOk('hosts' in readDeploymentPayload(ofHubotDeploy('')), 'nobody named hosts')
  t.equal(readDeploymentPayload(ofHubotDeploy(['fe'])).hosts, '["fe"]')
  t.equal(readDeploymentPayload(ofHubotDeploy('x'.repeat(1000))).hosts?.length, 256)
})

const config = `
repositories:
  acme/shop:
    environments:
      production: { on: manual, run: 'echo "$APP_NAME to $DEPLOY_HOSTS, $DEPLOY_TASK"' }
`

t.test('a deployment of an existing hubot-deploy runs, on the hosts that it names', async (t) => {
  const { sandbox, receiver, finalStates } = await startFleet(t, { config })
  await sandbox.openPullRequest(shop, { title: 'Anything' })
  const deploy = async (hosts: unknown, task = 'deploy') => {
    const response = await fetch(`${sandbox.apiUrl}/repos/${shop}/deployments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ ref: 'main', task, environment: 'production', auto_merge: false, required_contexts: [] },
        ...{ description: `${task} on production from hubot-deploy-v0.13.27`, payload: ofHubotDeploy(hosts) },
      }),
    })
    const { id } = (await response.json()) as { id: number }
    return { id, states: await finalStates(id) }
  }
  const logOf = async (id: number) => {
    const response = await fetch(`${receiver.url}/api/deployments/${shop}/${id}/log`, {
      headers: { authorization: `Bearer ${testAdminToken}` },
    })
    return response.text()
  }
  const some = await deploy('fe1,fe-2.example:2222', 'deploy:migrate')
  t.equal(some.states.at(-1), 'success')
  await eventually(async () => (await logOf(some.id)).includes('shop-web to'), 'its log')
  t.match(await logOf(some.id), /shop-web to fe1,fe-2\.example:2222, deploy:migrate/)
  const all = await deploy('')
  t.match(await logOf(all.id), /shop-web to , deploy/)

  for (const hosts of ['--all', '$(id)', 'fe1 fe2', ['fe1'], 'x'.repeat(300)]) {
    const refused = await deploy(hosts)
    t.equal(refused.states.at(-1), 'error', JSON.stringify(hosts).slice(0, 40))
    const description = sandbox
      .deployments(shop)
      .find(({ id }) => id === refused.id)
      ?.statuses.at(-1)?.description
    t.match(description, /names hosts that are no list of names/)
  }
})
