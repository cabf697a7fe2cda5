import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { testAdminToken } from '../fixtures/receiver.ts'

const releases = `repositories:
  acme/shop:
    environments:
      production: { on: tag, tags: ["v*", "!*-rc*"], simulate: 5ms }
`

const execute = promisify(execFile)

/** The push of a tag as it was delivered. */
const pushOf = ({ sandbox }: Fleet, name: string) =>
  sandbox
    .deliveries()
    .findLast(
      ({ event, payload }) => event === 'push' && JSON.stringify(payload).includes(`"refs/tags/${name}"`),
    )

/** GitHub says the time of a push to the second. */
function nextSecond() {
  const second = Math.floor(Date.now() / 1000)
  return eventually(() => Math.floor(Date.now() / 1000) > second, 'the next second')
}

async function reasonOf({ receiver }: Fleet, words: string) {
  return eventually(async () => {
    const { body } = await receiver.api('/deliveries?event=push&outcome=ignored')
    return JSON.stringify(body).includes(words)
  }, words)
}

t.test('the commit of a tag is deployed once, whether the tag has an object of its own or not', async (t) => {
  const fleet = await startFleet(t, { config: releases, workers: 2 })
  const { sandbox, finalStates } = fleet
  const commit = sandbox.repository(shop).branches.get('main')
  t.equal(await sandbox.pushTag(shop, { name: 'v1.2.3' }), commit)
  const plain = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.match(plain, { sha: commit, ref: commit, environment: 'production', description: 'v1.2.3' })
  t.match(plain.payload, { tag: 'v1.2.3', deploy_user: 'octocat' })
  t.same(await finalStates(plain.id), ['pending', 'in_progress', 'success'])

  const next = await sandbox.push(shop, { message: 'The next' })
  const object = await sandbox.pushTag(shop, { name: 'v1.3.0', message: 'Release 1.3.0' })
  t.not(object, next)
  const annotated = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.match(annotated, { sha: next, description: 'v1.3.0' })
  t.same(await finalStates(annotated.id), ['pending', 'in_progress', 'success'])
  t.match(await fleet.receiver.api(`/deployments/${shop}/${annotated.id}`), { body: { tag: 'v1.3.0' } })

  sandbox.redeliver(pushOf(fleet, 'v1.3.0')?.guid ?? '')
  await eventually(async () => {
    const { body } = await fleet.receiver.api('/deliveries?event=push&outcome=duplicate')
    return JSON.stringify(body).includes(pushOf(fleet, 'v1.3.0')?.guid ?? '-')
  }, 'the redelivery is a duplicate')
  t.equal(sandbox.deployments(shop).length, 2)
  t.same(sandbox.violations, [])
})

t.test(
  'a tag that is moved is another; one that is deleted, or that no environment wants, is none',
  async (t) => {
    const fleet = await startFleet(t, { config: releases })
    const { sandbox } = fleet
    await sandbox.pushTag(shop, { name: 'v1' })
    const first = await sandbox.whenever(() => sandbox.deployments(shop)[0])
    await fleet.finalStates(first.id)
    const second = await sandbox.push(shop, { message: 'Two' })
    await sandbox.pushTag(shop, { name: 'v1' })
    t.match(await sandbox.whenever(() => sandbox.deployments(shop)[1]), { sha: second, description: 'v1' })

    await sandbox.deleteTag(shop, 'v1')
    await reasonOf(fleet, 'The tag v1 was deleted: there is nothing to deploy.')
    for (const name of ['v2-rc1', 'nightly', 'shop/v2']) {
      await sandbox.pushTag(shop, { name })
      await reasonOf(fleet, `No environment of acme/shop deploys tags like ${name}.`)
    }
    t.equal(sandbox.deployments(shop).length, 2)
  },
)

t.test('a tag of an older commit goes back to it, one that came late does not', async (t) => {
  const fleet = await startFleet(t, { config: releases })
  const { sandbox } = fleet
  const older = sandbox.repository(shop).branches.get('main') ?? ''
  sandbox.faults.loseDeliveries({ event: 'push', times: 1 })
  await sandbox.pushTag(shop, { name: 'v1' })
  await nextSecond()
  await sandbox.push(shop, { message: 'Two' })
  await sandbox.pushTag(shop, { name: 'v2' })
  const newer = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await fleet.finalStates(newer.id)

  sandbox.redeliver(pushOf(fleet, 'v1')?.guid ?? '')
  const left = await eventually(
    () => fleet.log.find(({ msg }) => msg === 'no deployment is made'),
    'the late one is left',
  )
  t.equal(left.reason, `#${newer.id}, which holds it, was made after the tag was pushed`)
  const { body } = await fleet.receiver.api(`/why/${shop}/production`)
  t.match(body.skipped, [{ tag: 'v1', sha: older, text: /^The tag v1 \([0-9a-f]{7}\) was left out: #/ }])

  await nextSecond()
  await sandbox.pushTag(shop, { name: 'v3', at: older })
  t.match(await sandbox.whenever(() => sandbox.deployments(shop)[1]), { sha: older, description: 'v3' })
})

t.test('CI decides on tags too', async (t) => {
  const fleet = await startFleet(t, { config: releases })
  const { sandbox } = fleet
  await sandbox.createCommitStatus(shop, 'main', { state: 'pending', context: 'ci/build' })
  await sandbox.pushTag(shop, { name: 'v1' })
  await eventually(() => fleet.log.some(({ msg }) => String(msg).includes('waits for its CI')), 'it waits')
  await sandbox.createCommitStatus(shop, 'main', { state: 'success', context: 'ci/build' })
  t.match(await sandbox.whenever(() => sandbox.deployments(shop)[0]), { description: 'v1' })
})

t.test('a command sees the tag, whatever it is called, and the branch of a merge', async (t) => {
  const config = `repositories:
  acme/shop:
    environments:
      release:
        on: tag
        run: printf '%s|' "$TAG" "$BRANCH"; test "$REF" = "$SHA" && test "$(git rev-parse HEAD)" = "$SHA" && ls
      staging:
        run: printf '%s|' "$BRANCH" "$$\{TAG-none}"
      production:
        after: staging
        run: printf '%s|' "$BRANCH" "$$\{TAG-none}"
`
  const fleet = await startFleet(t, { config, workers: 2 })
  const { sandbox, finalStates } = fleet
  const logOf = async (id: number) => {
    const address = `${fleet.receiver.url}/api/deployments/${shop}/${id}/log`
    return (await fetch(address, { headers: { authorization: `Bearer ${testAdminToken}` } })).text()
  }
  const names = ['v1;touch$IFS.PWNED', '$(touch$IFS.PWNED)', "it's`id`", '-rf', '"quoted"', 'a/b@c', '日本']
  for (const [index, name] of names.entries()) {
    await sandbox.pushTag(shop, { name })
    const { id, payload } = await sandbox.whenever(() => sandbox.deployments(shop)[index])
    t.match(payload, { tag: name })
    t.same(await finalStates(id), ['pending', 'in_progress', 'success'], name)
    const log = await logOf(id)
    t.ok(log.includes(`${name}|${name}|`), name)
    t.notMatch(log, /^PWNED$/m)
  }

  await fleet.merge()
  const [staging, production] = await sandbox.whenever(() => {
    const made = sandbox.deployments(shop).slice(names.length)
    return made.length === 2 ? made : undefined
  })
  for (const deployment of [staging, production]) {
    const id = deployment?.id ?? 0
    t.same(await finalStates(id), ['pending', 'in_progress', 'success'])
    t.match(await logOf(id), 'main|none|')
  }
  t.same(sandbox.violations, [])
})

t.test('tags that git pushes are deployed, unless they are more than three at once', async (t) => {
  const fleet = await startFleet(t, { config: releases })
  const { sandbox } = fleet
  const cwd = t.testdir({})
  const git = (...args: string[]) => execute('git', args, { cwd, env: { PATH: process.env.PATH, HOME: cwd } })
  await git(
    'clone',
    '--quiet',
    sandbox.url.replace('://', `://mona:${sandbox.token}@`).concat('/acme/shop.git'),
    '.',
  )
  for (const name of ['v1', 'v2', 'v3', 'v4']) await git('tag', name)
  await git('push', '--quiet', 'origin', '--tags')
  await git('-c', 'user.name=mona', '-c', 'user.email=mona@test', 'tag', '-m', 'Five', 'v5')
  await git('push', '--quiet', 'origin', 'v5')
  t.match(await sandbox.whenever(() => sandbox.deployments(shop)[0]), {
    description: 'v5',
    sha: sandbox.repository(shop).branches.get('main'),
    payload: { deploy_user: 'mona' },
  })
  t.equal(sandbox.deliveries().filter(({ event }) => event === 'push').length, 1)
})
