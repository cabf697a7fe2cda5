import t, { type Test } from 'tap'
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts'
import { shop } from '../../fixtures/fleet.ts'
import { startHubot } from '../../fixtures/hubot.ts'
import { startToldServer } from '../../fixtures/told-server.ts'

const apps = {
  shop: {
    provider: 'shell',
    repository: 'acme/shop',
    environments: ['production', 'staging'],
    auto_merge: false,
    deploy_script: 'script/deploy',
  },
  strict: {
    provider: 'shell',
    repository: 'acme/shop',
    auto_merge: false,
    required_contexts: ['ci/build', 'ci/lint'],
  },
  merging: { provider: 'shell', repository: 'acme/shop' },
  gone: { provider: 'shell', repository: 'acme/gone' },
}

async function startAll(t: Test) {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  return sandbox
}

const envOf = ({ apiUrl, token }: Pick<Sandbox, 'apiUrl' | 'token'>) => ({
  HUBOT_GITHUB_API: apiUrl,
  HUBOT_GITHUB_TOKEN: token,
  HUBOT_DEPLOY_DEFAULT_ENVIRONMENT: 'production',
})

t.test("without Livraison, deployments are made at GitHub, in hubot-deploy's shape", async (t) => {
  const sandbox = await startAll(t)
  const hubot = await startHubot(t, { env: envOf(sandbox), apps })
  const say = (text: string) => hubot.say(`hubot ${text}`)
  t.match(await say('deploy shop'), /^Deployment #\d+ of main of acme\/shop to production is made\.$/)
  const [first] = sandbox.deployments(shop)
  t.strictSame(first?.payload, {
    name: 'shop',
    robotName: 'hubot',
    hosts: '',
    notify: { adapter: 'rooms', room: 'ops', user: 'U0DORA0001', user_name: 'dora-in-chat', message_id: '1' },
    config: {
      provider: 'shell',
      repository: 'acme/shop',
      environments: ['production', 'staging'],
      auto_merge: false,
      deploy_script: 'script/deploy',
    },
  })
  t.match(first, { task: 'deploy', ref: 'main', environment: 'production' })
  t.match(await say('deploy:migrate shop/main to stg/fe1'), /^deploy:migrate, deployment #\d+ of main/)
  t.match(sandbox.deployments(shop).at(-1), {
    task: 'deploy:migrate',
    environment: 'staging',
    payload: { hosts: 'fe1' },
  })
  t.match(await say('deploy:lock shop in prod the database moves'), /^deploy:lock, deployment #\d+/)
  t.match(sandbox.deployments(shop).at(-1), {
    task: 'deploy:lock',
    payload: { reason: 'the database moves' },
  })
  t.match(
    await say('deploys shop in staging'),
    /^The newest deployments to staging of acme\/shop:\n#\d+ staging: main \(\w{7}\), deploy:migrate by dora-in-chat, /,
  )
  t.match(await say('deploys shop/nowhere'), /^Nothing has been deployed to acme\/shop yet\.$/)
  t.equal(await say('where can i deploy shop'), 'shop can be deployed to:\nproduction\nstaging')
  t.match(await say('deploy:rollback shop in production'), /needs Livraison/)
  t.match(await say('deploy:approve 42'), /needs Livraison/)
  t.match(await say('deploy! shop'), /is made\.$/, 'no reason is asked for')
  t.match(await say('deploy shop 123456'), /given to nobody\.$/)
  t.notMatch(JSON.stringify(sandbox.deployments(shop)), /123456/)
  t.strictSame(sandbox.violations, [])
})

t.test("GitHub's refusals are explained", async (t) => {
  const sandbox = await startAll(t)
  const hubot = await startHubot(t, { env: envOf(sandbox), apps })
  const say = (text: string) => hubot.say(`hubot ${text}`)
  t.match(
    await say('deploy gone'),
    /^Deployments of acme\/gone cannot be made: there is no such repository, or the token/,
  )
  t.match(await say('deploy shop/nowhere'), /is there a branch, tag or commit nowhere in acme\/shop\?/)
  t.match(
    await say('deploy strict'),
    /its checks are not green\. Unmet: .*ci\/build.*\n.*deploy! deploys without them/,
  )
  t.match(await say('deploy! strict'), /is made\.$/)
  t.match(
    await say('deploy unknown'),
    /^unknown\? Never heard of it\. The apps in apps\.json are: shop, strict, merging, gone\.$/,
  )
  const wrong = await startHubot(t, { env: { ...envOf(sandbox), HUBOT_GITHUB_TOKEN: 'ghp_wrong' }, apps })
  t.match(await wrong.say('hubot deploy shop/main'), /^GitHub does not know the token any more/)
  t.notMatch(wrong.log(), /ghp_wrong/)
  const none = await startHubot(t, { env: { HUBOT_GITHUB_TOKEN: '' }, apps })
  t.match(await none.say('hubot deploy shop to staging'), /There is no token for GitHub/)
})

t.test('answers that GitHub may give, as they were given', async (t) => {
  const told = await startToldServer(t)
  const hubot = await startHubot(t, { env: envOf({ apiUrl: told.url, token: 'one' }), apps })
  const answerWith = async (status: number, body: unknown, text = 'deploy merging/topic') => {
    told.answer = (response) => void response.writeHead(status).end(JSON.stringify(body))
    return hubot.say(`hubot ${text}`)
  }
  t.match(
    await answerWith(202, { message: 'Auto-merged main into topic on deployment.' }),
    /^Nothing is deployed yet: GitHub has merged the default branch of acme\/shop into topic instead\. GitHub says: Auto-merged main into topic on deployment\.\nAsk again once/,
  )
  t.match(
    await answerWith(409, { message: 'Conflict merging main into topic.' }),
    /^topic of acme\/shop is not deployed: the default branch cannot be merged into it\. Conflict merging main into topic\./,
  )
  const contexts = [
    { context: 'ci/build', state: 'pending' },
    { context: 'ci/test', state: 'success' },
  ]
  t.match(
    await answerWith(
      409,
      {
        message: 'Conflict: Commit status checks failed for topic.',
        errors: [{ contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }],
      },
      'deploy strict/topic',
    ),
    /Unmet: ci\/build, ci\/lint\.\n/,
  )
  t.match(
    await answerWith(403, { message: 'Resource not accessible' }),
    /^GitHub does not let this token do that.*Resource not accessible\./,
  )
  t.match(await answerWith(500, '<html>'), /^GitHub did not make the deployment: it answered 500\.$/)
  t.match(told.posts[0]?.body, { auto_merge: true, environment: 'production', ref: 'topic' })
  t.notOk('required_contexts' in (told.posts[0]?.body ?? {}))
  told.answer = (response) => void response.destroy()
  t.match(await hubot.say('hubot deploy shop/main'), /^GitHub could not be asked \(\w+\)\. It may have heard/)
})

t.test('apps.json that cannot be used is told of with each command', async (t) => {
  const sandbox = await startAll(t)
  const say = async (text: unknown, command = 'deploy shop') => {
    const hubot = await startHubot(t, { env: envOf(sandbox), apps: text })
    const answer = await hubot.say(`hubot ${command}`)
    await hubot.stop()
    return answer
  }
  t.match(await say('{"shop": '), /^apps\.json cannot be read as JSON: /)
  t.match(await say('[]'), /^apps\.json is not an object with an entry for each app\.$/)
  t.match(await say({ shop: 1 }), /^shop in apps\.json: it is not an object\.$/)
  t.match(await say({ shop: {} }), /^shop in apps\.json: repository is not "owner\/name"\.$/)
  t.match(
    await say({ shop: { repository: 'a/b', environments: 'x' } }),
    /environments is not a list of texts\.$/,
  )
  t.match(
    await say({ shop: { repository: 'a/b', auto_merge: 'no' } }),
    /auto_merge is neither true nor false\.$/,
  )
  t.match(await say({ shop: { repository: 'a/b', github_api: 'ftp://x' } }), /github_api is not an address/)
  t.match(
    await say({}, 'deploy constructor'),
    /^constructor\? Never heard of it\. The apps in apps\.json are: none\.$/,
  )
  const missing = await startHubot(t, { env: { HUBOT_DEPLOY_APPS_JSON: 'others.json' } })
  t.match(
    await missing.say('hubot deploy shop'),
    /^HUBOT_DEPLOY_APPS_JSON names others\.json, and there is no such file\.$/,
  )
})

t.test('without apps.json, a repository is written in full', async (t) => {
  const sandbox = await startAll(t)
  const hubot = await startHubot(t, { env: envOf(sandbox) })
  t.match(await hubot.say('hubot deploy shop'), /^Which repository is shop\? Write it in full/)
  t.match(await hubot.say('hubot deploy! acme/shop/main to qa'), /of main of acme\/shop to qa is made/)
  t.match(await hubot.say('hubot deploys acme/shop'), /^The newest deployments to acme\/shop:\n#\d+ qa: main/)
})
