// Operations by forms, against a whole fleet: what the page says beforehand, what happens, and that it is told once.
import t from 'tap'
import { eventually, type Fleet, shop, startFleet } from '../../fixtures/fleet.ts'
import { type SignedIn, signIn } from '../../fixtures/signed-in.ts'
import { makeToken, tokensOf } from '../../fixtures/tokens.ts'

const config = `
repositories:
  acme/shop:
    environments:
      staging: { simulate: 100ms }
      production: { on: manual, simulate: 100ms, approvals: { required: 1 } }
`

/** The newest deployment to an environment, once there is one that is in this state. */
async function deploymentIn(
  { sandbox }: Fleet,
  environment: string,
  state: string,
  not = 0,
): Promise<number> {
  const found = await eventually(
    () =>
      sandbox
        .deployments(shop)
        .find(
          (each) =>
            each.environment === environment && each.id > not && each.statuses.at(-1)?.state === state,
        ),
    `a deployment to ${environment} that is ${state}`,
  )
  return found.id
}

async function tells(person: SignedIn, path: string): Promise<string> {
  const { text } = await person.open(path)
  return /<p class="notice [a-z]+" role="[a-z]+">(.*?)<\/p>/.exec(text)?.[1] ?? ''
}

t.test('operations by forms', async (t) => {
  const fleet = await startFleet(t, { config })
  const person = await signIn(fleet.receiver)
  await fleet.merge('Mend the cart')
  const first = await deploymentIn(fleet, 'staging', 'success')
  const page = `/deployments/acme/shop/${first}`

  await t.test('to cancel what is over is no use, and the page says so', async (t) => {
    const { text } = await person.open(`${page}/cancel`)
    t.match(text, `#${first} has ended as success. There is nothing to cancel.`)
    t.notMatch(text, /action="[^"]*\/cancel"/)
  })

  await t.test('a deployment by hand, that waits for an approval, is approved', async (t) => {
    const form = '/repositories/acme/shop/deploy?environment=production'
    t.match((await person.open(form)).text, 'Nothing has been deployed to production yet.')
    const asked = await person.submit(form, { ref: 'main', description: 'By hand' })
    t.equal(asked.status, 303)
    const id = await deploymentIn(fleet, 'production', 'queued')
    t.match(asked.location, /^\/(deployments|why)\/acme\/shop\//)
    t.match((await person.open('/why/acme/shop/production')).text, `#${id}`)

    const approve = `/deployments/acme/shop/${id}/approve`
    t.match((await person.open(approve)).text, 'You asked for', 'not by who asked')
    const rejected = await person.submit(`/deployments/acme/shop/${id}/cancel`, { reason: 'Not today' })
    t.equal(rejected.location, `/deployments/acme/shop/${id}`)
    t.match(await tells(person, rejected.location), `#${id}`)
    t.equal(await tells(person, rejected.location), '', 'told once')
    await deploymentIn(fleet, 'production', 'inactive')
  })

  await t.test('what is refused is told in its own words', async (t) => {
    const answer = await person.submit('/repositories/acme/shop/deploy?environment=staging', {
      ref: 'no-such',
    })
    t.equal(answer.status, 422)
    t.match(answer.text, /role="alert">[^<]*no-such/)
    t.match(answer.text, /value="no-such"/, 'what was typed is still there')
  })

  await t.test('roll back to an earlier success', async (t) => {
    await fleet.merge('Paint the door')
    const second = await deploymentIn(fleet, 'staging', 'success', first)
    const rollback = `/deployments/acme/shop/${second}/rollback`
    t.match(
      (await person.open(rollback)).text,
      `the last one that worked before #${second} (it was #${first})`,
    )
    const answer = await person.submit(rollback, { reason: 'The door is wet' })
    t.equal(answer.status, 303)
    const third = await deploymentIn(fleet, 'staging', 'success', second)
    const shas = new Map(fleet.sandbox.deployments(shop).map(({ id, sha }) => [id, sha]))
    t.equal(shas.get(third), shas.get(first))
  })

  await t.test('a delivery is sent again by GitHub', async (t) => {
    const { text } = await person.open('/deliveries?event=pull_request')
    const guid = /href="\/deliveries\/([0-9a-f-]{36})"/.exec(text)?.[1] ?? ''
    t.match((await person.open(`/deliveries/${guid}`)).text, `/deliveries/${guid}/replay`)
    const answer = await person.submit(`/deliveries/${guid}/replay`)
    t.match(await tells(person, answer.location), `GitHub sends ${guid}`)
    await eventually(async () => /2 times/.test((await person.open(`/deliveries/${guid}`)).text), 'it twice')
  })

  await t.test('a form of another site, or without the token, does nothing', async (t) => {
    const lock = '/locks/lock?repository=acme/shop&environment=staging'
    const fields = { reason: 'Migration' }
    for (const options of [{ csrf: 'wrong' }, { csrf: '' }, { origin: 'https://evil.example' }]) {
      t.equal((await person.submit(lock, fields, options)).status, 403, JSON.stringify(options))
    }
    t.match((await person.open('/locks')).text, 'Nothing is locked.')
  })

  await t.test(
    'whose role is too weak sees no button, and gets nowhere by sending the form all the same',
    async (t) => {
      const tokens = tokensOf(t, fleet.receiver)
      const viewer = await makeToken(tokens, 'viewer')
      const as = (path: string, method = 'GET') =>
        fetch(`${fleet.receiver.url}${path}`, {
          method,
          headers: { authorization: `Bearer ${viewer}`, accept: 'text/html' },
          redirect: 'manual',
        })
      t.notMatch(await (await as(page)).text(), /\/(rollback|retry|cancel)"/)
      t.notMatch(await (await as('/why/acme/shop/staging')).text(), /\/deploy\?|\/locks\/lock/)
      t.notMatch(await (await as('/locks')).text(), /\/locks\/lock|\/locks\/freeze/)
      t.notMatch(await (await as('/queue')).text(), /\/queue\/raw/)
      for (const path of [`${page}/rollback`, `${page}/cancel`, '/repositories/acme/shop/deploy']) {
        t.equal((await as(path)).status, 403, `GET ${path}`)
        t.equal((await as(path, 'POST')).status, 403, `POST ${path}`)
      }
      const locked = await as('/locks/lock', 'POST')
      t.equal(locked.status, 303)
      t.match((await person.open('/locks')).text, 'Nothing is locked.')
      t.match((await person.open('/audit?action=lock')).text, /forbidden/)
    },
  )
})
