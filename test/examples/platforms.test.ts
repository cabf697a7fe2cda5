// The examples of what is deployed by a call: a platform's builds, and a deploy hook.
import t, { type Test } from 'tap'
import { startExample } from './deploy-example.ts'
import { adapt, exampleFile } from './example.ts'
import { startHeroku, startHooked } from './platforms.ts'

const token = 'HRKU-a-token-of-this-test'
const files = { 'index.html': 'one\n' }

async function startOnHeroku(t: Test, environment = { HEROKU_API_KEY: token }) {
  const heroku = await startHeroku(t, 'acme-shop', token)
  const config = adapt(exampleFile('heroku/livraison.yml'), {
    'https://api.heroku.com': heroku.url,
    'every: 5s': 'every: 1s',
    '        timeout: 30m': '          allow_private: true\n        timeout: 30m',
  })
  return { heroku, ...(await startExample(t, { config, files, environment })) }
}

t.test('a merge becomes a build of exactly its commit', async (t) => {
  const { heroku, deploy } = await startOnHeroku(t)
  const first = await deploy()
  t.match(first, { state: 'success', description: /says "succeeded"\.$/ })
  t.equal(heroku.released(), first.sha)
  t.strictSame(heroku.sources, [
    { url: `https://github.com/acme/shop/archive/${first.sha}.tar.gz`, version: first.sha },
  ])
  t.notOk(first.log.includes(token))
})

t.test('a build that fails, and a key that is wrong', async (t) => {
  const { heroku, deploy } = await startOnHeroku(t)
  const first = await deploy()
  heroku.fail()
  t.match(await deploy(), { state: 'failure', description: /says "failed"\.$/ })
  t.equal(heroku.released(), first.sha)

  const wrong = await startOnHeroku(t, { HEROKU_API_KEY: 'another key' })
  t.match(await wrong.deploy(), {
    state: 'failure',
    description: /answered 401: Invalid credentials provided\.$/,
  })
})

t.test('a hook is called, and the site says when it is the commit', async (t) => {
  const secret = 'the-secret-of-the-hook'
  const hooked = await startHooked(t, secret)
  const config = adapt(exampleFile('deploy-hook/livraison.yml'), {
    'https://builds.example': hooked.url,
    'https://www.shop.example/deployed': `${hooked.url}/deployed`,
    'every: 5s': 'every: 1s',
    '        timeout: 15m': '          allow_private: true\n        timeout: 4s',
  })
  const { deploy } = await startExample(t, { config, files, environment: { SHOP_HOOK_ID: secret } })
  const first = await deploy()
  t.match(first, { state: 'success', description: /says "live"\.$/ })
  t.match(hooked.calls, [{ ref: first.sha, reason: /Change it/ }])
  t.notOk(first.log.includes(secret))

  hooked.fail()
  const second = await deploy()
  t.match(second, {
    state: 'failure',
    description: /^It did not end within 4 s: 127\.0\.0\.1:\d+ answered 404\.$/,
  })
  t.notOk(second.log.includes(secret))
})
