import t from 'tap'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { dora, hubotSecret, startHubot } from '../../fixtures/hubot.ts'
import { startToldServer } from '../../fixtures/told-server.ts'

const peopleAndAccess = `
access:
  roles: { deployer: [dora, ada], approver: [ada], viewer: [vera] }
people:
  - { github: dora, hubot: U0DORA0001 }
  - { github: ada, hubot: ada-in-chat }
  - { github: vera, email: vera@example.com }
`
const repositories = `
repositories:
  acme/shop:
    environments:
      staging: { on: manual, simulate: 20ms }
      production: { on: manual, simulate: 20ms }
      guarded: { on: manual, simulate: 20ms, approvals: { required: 1 } }
  acme/web: { environments: { production: { on: manual, simulate: 20ms } } }
  other/web: { environments: { production: { on: manual, simulate: 20ms } } }
`
const config = peopleAndAccess + repositories
const ada = { id: 'U0ADA', name: 'ada-in-chat' }
const vera = { id: 'U0VERA', name: 'vera', email_address: 'vera@example.com' }

async function startAll(t: Parameters<typeof startFleet>[0], apps?: unknown) {
  const fleet = await startFleet(t, { config, hubotSecrets: ['an older secret', hubotSecret] })
  const hubot = await startHubot(t, { env: { LIVRAISON_URL: `${fleet.receiver.url}/` }, apps })
  // Short names are of repositories from which something has come.
  await eventually(async () => (await fleet.receiver.api('/deliveries')).body.deliveries ?? true, 'the ping')
  return { ...fleet, hubot }
}

function numberIn(text: string): number {
  return Number(/#(\d+)/.exec(text)?.[1])
}

t.test('a deployment is asked for in a room, and its end is told there', async (t) => {
  const { hubot, rules, sandbox, finalStates, merge, receiver } = await startAll(t)
  rules.put(`${config}
notify:
  - hubot: { url: "${hubot.url}", secret: "${hubotSecret}", room: everything, rooms: [ops, "deploy-*"] }
    on: [success, failure]
`)
  await merge()
  await eventually(async () => (await receiver.api('/deliveries')).status === 200, 'deliveries')
  const answer = await hubot.say('hubot deploy shop to production')
  t.match(answer, /^Deployment #\d+ of .* to production of acme\/shop is made\./)
  const id = numberIn(answer)
  t.equal((await finalStates(id)).at(-1), 'success')
  const made = sandbox.deployments(shop).find((each) => each.id === id)
  t.match(made, {
    task: 'deploy',
    environment: 'production',
    payload: {
      deploy_user: 'dora',
      name: 'shop',
      robotName: 'hubot',
      hosts: '',
      notify: { adapter: 'rooms', room: 'ops', user: 'U0DORA0001', user_name: 'dora-in-chat' },
      config: {},
    },
  })
  const told = await eventually(
    async () => (await hubot.said()).find(({ said }) => said.includes(`#${id}`) || /production/.test(said)),
    'the notice',
  )
  t.equal(told.room, 'ops', 'in the room that it was asked for in')
  t.match(told.said, /dora/)

  const elsewhere = await hubot.say('hubot deploy shop to staging', { room: 'kitchen' })
  await finalStates(numberIn(elsewhere))
  const other = await eventually(
    async () => (await hubot.said()).find(({ room }) => room !== 'ops'),
    'the other notice',
  )
  t.equal(other.room, 'everything', 'what was asked for in a room that is not named')
})

t.test('each command is answered', async (t) => {
  const { hubot, merge, finalStates, sandbox } = await startAll(t)
  await merge()
  const say = (text: string, user = dora) => hubot.say(`hubot ${text}`, { user })
  t.match(
    await eventually(async () => {
      const said = await say('where can i deploy shop')
      return said.includes('Never') || said.includes('?') ? undefined : said
    }, 'shop to be known'),
    /acme\/shop is deployed to:\nstaging: .*\nproduction: .*\nguarded: /,
  )

  const first = await say('deploy shop/main to production')
  await finalStates(numberIn(first))
  t.match(
    await say('deploys shop in prod'),
    /newest deployments to production of acme\/shop:\n#\d+ production: main/,
  )
  t.match(await say('deploys shop/topic in prod'), /These are of all branches\.$/)
  t.match(await say('deploy:status shop'), /How acme\/shop stands:\n/)
  t.match(await say('deploy:why shop in production'), /production/)

  t.match(await say('deploy:lock shop in staging the database moves'), /staging.*locked/i)
  t.match(await say('deploy shop to staging'), /locked by you: the database moves/)
  t.match(await say('deploy:unlock shop in staging'), /unlocked/i)
  t.match(await say('deploy:lock shop in staging'), /locked/i)
  t.match(await say('deploy shop to staging'), /Asked for in the room ops/)
  t.match(await say('deploy:unlock shop in staging'), /unlocked/i)

  const guarded = numberIn(await say('deploy shop to guarded'))
  await sandbox.whenever(
    () =>
      sandbox
        .deployments(shop)
        .find(({ id }) => id === guarded)
        ?.statuses.at(-1)?.state === 'queued',
    { what: 'that it waits' },
  )
  t.match(await say(`deploy:approve ${guarded}`), /approver/, 'by one who may not')
  t.match(await say(`deploy:approve ${guarded}`, ada), /approve/i)
  await finalStates(guarded)

  const task = numberIn(await say('deploy:migrate shop to staging/fe1,fe2'))
  await finalStates(task)
  t.match(
    sandbox.deployments(shop).find(({ id }) => id === task),
    { task: 'deploy:migrate', payload: { hosts: 'fe1,fe2' } },
  )
  t.match(await say('deploy! shop to staging'), /needs a reason: deploy! shop to staging because/)
  const forced = await say('deploy! shop to staging because it burns', ada)
  t.match(forced, /Deployment #\d+/)
  await finalStates(numberIn(forced))
  t.match(
    await say('deploy shop to staging 123456'),
    /The one-time password was not needed, and was given to nobody\.$/,
  )
  t.match(await say('deploy:rollback shop in production'), /./)
  t.match(await say('deploy:cancel 1'), /knows no deployment #1\./)
  t.match(await say('deploy:version'), /^hubot-livraison \d+\.\d+\.\d+, Hubot .+, Node\.js v\d+/)
})

t.test('each refusal is in words', async (t) => {
  const { hubot, merge, sandbox } = await startAll(t)
  await sandbox.createRepository({ owner: 'acme', name: 'web' })
  await merge()
  const say = (text: string, user = dora) => hubot.say(`hubot ${text}`, { user })
  await eventually(
    async () => !(await say('deploy:status shop')).includes('Livraison deploys no'),
    'shop to be known',
  )

  const mallory = { id: 'U0MALLORY', name: 'mallory' }
  t.equal(
    await say('deploy shop to production', mallory),
    'I do not know who mallory (U0MALLORY) is at GitHub: have somebody put - { github: LOGIN, hubot: "U0MALLORY" } under people in livraison.yml.',
  )
  t.match(
    await say('deploy shop to production', { id: 'U0EVIL', name: 'u0dora0001' }),
    /do not know who/,
    'an id as a name',
  )
  t.match(await say('deploy shop to production', vera), /vera/)
  t.match(await say('deploys shop', vera), /^(Nothing|The newest)/)
  t.match(await say('deploy shp to production'), /^No repository is called shp\. Did you mean shop\?/)
  t.match(await say('deploy shop to stagin'), /Did you mean staging\?/)
  t.match(await say('deploy shop'), /^Name an environment: acme\/shop has staging, production, guarded\./)
  t.match(await say('deploy shop/nowhere to staging'), /has no branch, tag or commit nowhere/)
  t.match(await say('deploy acme/shop/nowhere to staging'), /has no branch, tag or commit nowhere/)
  t.match(await say('deploy shop to production burgers'), /not how it is asked for[\s\S]*deploy ‹app›/)
  t.match(await say('deploy shop to production/$(id)'), /is no list of hosts/)
  t.match(await say('deploy <!channel>@everyone'), /not how it is asked for/)
  t.match(await say('deploy:lock shop tos taging'), /Is "tos taging" a reason\?/)
  t.match(await say('deploy:rollback shop in guarded'), /guarded/)
  t.match(await say('deploy:cancel shop in guarded'), /guarded/)
  t.equal(sandbox.deployments(shop).length, 0)
})

t.test('with apps.json, apps are what it says', async (t) => {
  const apps = {
    Store: {
      provider: 'heroku',
      repository: 'acme/shop',
      environments: ['staging', 'production'],
      allowed_rooms: ['ops'],
      heroku_production_name: 'acme-store',
      github_token: 'ghp_secret',
      heroku_api_key: 'another secret',
    },
  }
  const { hubot, sandbox, merge } = await startAll(t, apps)
  await merge()
  const say = (text: string, room = '#ops') => hubot.say(`hubot ${text}`, { room })
  const id = numberIn(await say('deploy store to prod'))
  const made = sandbox.deployments(shop).find((each) => each.id === id)
  t.match(made?.payload, {
    name: 'Store',
    config: { provider: 'heroku', heroku_production_name: 'acme-store', repository: 'acme/shop' },
  })
  t.notMatch(JSON.stringify(made), /secret/)
  t.match(await say('deploy shop'), /^shop\? Never heard of it\. The apps in apps\.json are: Store\.$/)
  t.match(await say('deploy store'), /^To which environment\? Store has staging and production\.$/)
  t.match(
    await say('deploy store to qa'),
    /^Store doesn't seem to have an environment qa: it has staging and production\.$/,
  )
  t.match(
    await say('deploy store to prod', 'kitchen'),
    /^Store is not allowed to be deployed from this room \(kitchen\): allowed_rooms in apps\.json has ops\.$/,
  )
})

t.test('where Livraison does not answer, that is said', async (t) => {
  const wrong = await startFleet(t, { config, hubotSecrets: ['another secret'], workers: 0 })
  const stranger = await startHubot(t, { env: { LIVRAISON_URL: wrong.receiver.url } })
  t.match(
    await stranger.say('hubot deploy shop to production'),
    /^Livraison does not do it: The signature is wrong/,
  )
  const closed = await startFleet(t, { config, workers: 0 })
  const unheard = await startHubot(t, { env: { LIVRAISON_URL: closed.receiver.url } })
  t.match(
    await unheard.say('hubot deploy shop to production'),
    /^Livraison does not do it: Hubot is not listened to: set HUBOT_SECRET/,
  )
  const gone = await startToldServer(t)
  await gone.close()
  const lost = await startHubot(t, { env: { LIVRAISON_URL: gone.url } })
  t.equal(
    await lost.say('hubot deploy shop to production'),
    'Livraison could not be asked (ECONNREFUSED). Nothing was asked.',
  )
  const half = await startHubot(t, {
    env: { LIVRAISON_URL: 'http://127.0.0.1:1', HUBOT_LIVRAISON_SECRET: '' },
  })
  t.match(await half.say('hubot deploy shop to production'), /HUBOT_LIVRAISON_SECRET is not/)
})

t.test('hubot-deploy middleware finds what it decides by', async (t) => {
  const { listeners, help } = await startHubot(t)
  t.match(listeners, [
    { id: 'hubot-deploy.wcid' },
    { id: 'hubot-deploy.recent', hubotDeployAuthenticate: true },
    { id: 'hubot-deploy.create', hubotDeployAuthenticate: true },
    { id: 'hubot-deploy.version' },
  ])
  t.ok(help.some((line) => line.includes('deploy:lock')))
})

t.test('an answer that was lost is asked for again, and nothing is done twice', async (t) => {
  const told = await startToldServer(t)
  told.answer = (response, _post, count) => {
    if (count === 1) return void response.destroy()
    if (count === 2)
      return void response.writeHead(409, { 'retry-after': '1' }).end('{"message":"This is being done."}')
    response.end(JSON.stringify({ outcome: 'done', text: 'It is made.', lines: ['<b>@here</b>'] }))
  }
  const hubot = await startHubot(t, { env: { LIVRAISON_URL: told.url } })
  t.equal(await hubot.say('hubot deploy acme/shop to production'), 'It is made.\n‹b›@\u200bhere‹/b›')
  t.equal(told.posts.length, 3)
  t.equal(new Set(told.posts.map(({ body }) => body.id)).size, 1, 'under one id')
  t.match(told.posts[0]?.body.command, {
    name: 'deploy',
    app: 'acme',
    ref: 'shop',
    environment: 'production',
  })
})
