// A fleet that signs in as a GitHub App: whole stories, and what may happen to its tokens and installations meanwhile.
import t from 'tap'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { openLogs } from '../../../src/deployments/log.ts'
import { countOf } from '../../fixtures/app-client.ts'
import { eventually, type Fleet, shop, startFleet } from '../../fixtures/fleet.ts'
import { heldExecutor } from '../../fixtures/held-executor.ts'

t.setTimeout(120_000)

const bot = 'livraison-of-acme[bot]'
const logOf = async ({ store, redis }: Fleet, id: number) =>
  (await openLogs(store, deploymentKeys(redis.prefix)).read(id)).map(({ text }) => text)

t.test('a merge is deployed, promoted and reported by an App, whose own deployments it knows', async (t) => {
  const config =
    'repositories: { acme/shop: { environments: { staging: { simulate: 1s }, production: { simulate: 1s, after: staging } } } }'
  const fleet = await startFleet(t, { withApp: true, config })
  const { sandbox } = fleet
  await fleet.merge()
  const production = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.same(await fleet.finalStates(production.id), ['pending', 'in_progress', 'success'])
  const made = sandbox.deployments(shop)
  t.same(
    made.map(({ environment, creator }) => [environment, creator.login, creator.type]),
    [
      ['staging', bot, 'Bot'],
      ['production', bot, 'Bot'],
    ],
  )
  t.ok(made.every(({ statuses }) => statuses.every(({ creator }) => creator.login === bot)))
  t.same(sandbox.violations, [])
  t.ok(sandbox.requests.every(({ authorization }) => authorization === 'bearer'))
  t.equal(sandbox.installationTokens().length, 1, 'one token did')
})

t.test(
  'a deployment that GitHub does not say an App made is ours by its bot; another bot’s is not',
  async (t) => {
    const fleet = await startFleet(t, { withApp: true })
    const { sandbox } = fleet
    const theirs = await sandbox.createDeployment(shop, { ref: 'main', user: 'shipper[bot]' })
    await fleet.merge()
    const ours = await sandbox.whenever(() => sandbox.deployments(shop)[1])
    t.same(await fleet.finalStates(ours.id), ['pending', 'in_progress', 'success'])
    t.match(theirs, { statuses: [] })
  },
)

t.test('tokens that end in the middle are asked for anew, and nobody notices', async (t) => {
  const held = heldExecutor()
  const fleet = await startFleet(t, { withApp: true, rules: { executor: held.executor } })
  const { sandbox } = fleet
  await fleet.merge()
  const running = await eventually(() => held.running()[0], 'a run')
  sandbox.expireInstallationTokens()
  held.end(running)
  t.same(await fleet.finalStates(running), ['pending', 'in_progress', 'success'])
  t.same(sandbox.violations, [])
})

t.test('two organisations are deployed side by side, each by its own installation', async (t) => {
  const fleet = await startFleet(t, { withApp: true })
  const { sandbox, app } = fleet
  await sandbox.createRepository({ owner: 'umbrella', name: 'lab' })
  if (app) sandbox.installApp(app.app, 'umbrella')
  await fleet.merge()
  const { number } = await sandbox.openPullRequest('umbrella/lab', { title: 'Mend the lab' })
  await sandbox.mergePullRequest('umbrella/lab', number)
  const isDone = (name: string) =>
    sandbox.deployments(name)[0]?.statuses.some(({ state }) => state === 'success')
  await sandbox.whenever(() => isDone(shop) && isDone('umbrella/lab'), { timeoutMs: 20_000 })
  const accounts = sandbox.installationTokens().map(({ installation }) => installation.account.login)
  t.same(accounts.sort(), ['acme', 'umbrella'])
})

t.test('a checkout’s token is narrow, and neither the command nor the log has it', async (t) => {
  const config = `
repositories:
  acme/shop:
    environments:
      production: { run: 'env; git config --list; cat README.md' }
`
  const fleet = await startFleet(t, { withApp: true, config })
  const { sandbox, app } = fleet
  sandbox.makePrivate(shop)
  await fleet.merge()
  const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
  const tokens = sandbox.installationTokens()
  const used = tokens.filter(({ uses }) => uses.some((use) => use.startsWith('git ')))
  t.equal(used.length, 1)
  t.same(used[0]?.permissions, { metadata: 'read', contents: 'read' })
  t.same([...(used[0]?.narrowedTo ?? [])], [sandbox.repository(shop).id])
  t.ok(
    used[0]?.uses.every((use) => use === `git ${shop}`),
    'and it was used for nothing else',
  )
  const log = (await logOf(fleet, id)).join('\n')
  t.match(log, /# shop/)
  for (const { token } of tokens) t.notOk(log.includes(token.slice(0, 30)))
  const keyLine = app?.privateKey.split('\n')[1] ?? 'no key'
  t.notOk(log.includes(keyLine))
  t.notOk(JSON.stringify(fleet.log).includes(keyLine))
})

t.test('where the App is suspended, what is asked for ends in words', async (t) => {
  const held = heldExecutor()
  const fleet = await startFleet(t, {
    withApp: true,
    rules: { executor: held.executor, lane: 'queue' },
  })
  const { sandbox, app, receiver } = fleet
  await fleet.merge('One')
  const running = await eventually(() => held.running()[0], 'a run')
  await fleet.merge('Two')
  const waiting = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  await sandbox.whenever(() => fleet.states(waiting.id).includes('queued'))
  if (app) sandbox.suspendInstallation(app.installation, 'mona')
  const ended = await eventually(async () => {
    const { body } = await receiver.api(`/deployments/${shop}/${waiting.id}`)
    return body.state === 'inactive' && body
  }, 'the end of what waited')
  t.match(
    JSON.stringify(ended),
    'mona has suspended the GitHub App on acme. Have that lifted, then deploy again.',
  )
  held.end(running)
  const over = async () => (await receiver.api(`/deployments/${shop}/${running}`)).body.state === 'success'
  await eventually(over, 'the end of what ran, which GitHub is not told of')
})

t.test('what ended while the App was suspended is told once that is lifted', async (t) => {
  const held = heldExecutor()
  const fleet = await startFleet(t, {
    withApp: true,
    rules: { executor: held.executor },
    settings: { RECONCILE_SECONDS: '1' },
  })
  const { sandbox, app, receiver } = fleet
  await fleet.merge()
  const running = await eventually(() => held.running()[0], 'a run')
  await sandbox.whenever(() => fleet.states(running).includes('in_progress'))
  if (app) sandbox.suspendInstallation(app.installation, 'mona')
  held.end(running)
  const over = async () => (await receiver.api(`/deployments/${shop}/${running}`)).body.state === 'success'
  await eventually(over, 'the end of what ran')
  const looked = countOf(sandbox, 'apps/get-repo-installation')
  await sandbox.whenever(() => countOf(sandbox, 'apps/get-repo-installation') > looked + 3, {
    ...{ what: 'that it is asked again', timeoutMs: 30_000 },
  })
  t.same(fleet.states(running), ['pending', 'in_progress'])
  if (app) sandbox.unsuspendInstallation(app.installation)
  t.same(await fleet.finalStates(running), ['pending', 'in_progress', 'success'])
  t.equal(held.begun.length, 1, 'it was run once')
  t.same(sandbox.violations, [])
})
