// What holds for every example: its configuration can be used, and its page is to be found.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import t from 'tap'
import { exampleFile } from './example.ts'

const program = resolve('dist/bundle/livraison.js')
const names = readdirSync('examples')
const keys = { SHOP_SSH_KEY: 'a private key', HEROKU_API_KEY: 'a token', SHOP_HOOK_ID: 'an address' }

t.test('livraison check takes the configuration of each', async (t) => {
  const configured = names.filter((name) => existsSync(join('examples', name, 'livraison.yml')))
  t.strictSame(configured.sort(), ['ansible', 'deploy-hook', 'docker-compose', 'heroku', 'rsync'])
  for (const name of configured) {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [program, 'check', `examples/${name}/livraison.yml`],
      { env: { PATH: process.env.PATH, ...keys }, encoding: 'utf8' },
    )
    t.strictSame([status, stderr], [0, ''], name)
    for (const key of Object.values(keys)) t.notOk(stdout.includes(key))
  }
})

t.test('the index leads to the page of each, and every link leads somewhere', async (t) => {
  const index = readFileSync('docs/deploying-with.md', 'utf8')
  for (const name of names) t.ok(index.includes(`(../examples/${name}/README.md)`), name)
  for (const page of ['docs/deploying-with.md', ...names.map((name) => `examples/${name}/README.md`)]) {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)]
    for (const [, link = ''] of links) t.ok(existsSync(resolve(dirname(page), link)), `${page}: ${link}`)
  }
})

t.test('the two that go by ssh go by the same, strict, configuration', async (t) => {
  t.equal(exampleFile('ansible/ssh_config'), exampleFile('rsync/ssh_config'))
  t.match(exampleFile('rsync/ssh_config'), /^ {2}StrictHostKeyChecking yes$/m)
})
