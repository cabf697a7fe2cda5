// The GitHub App's settings: which forms a key may have, and that no complaint shows any of it.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { SettingsError } from '../../src/settings/parse.ts'
import { readServerSettings } from '../../src/settings/server.ts'
import { readWorkerSettings } from '../../src/settings/worker.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const directory = mkdtempSync(join(tmpdir(), 'livraison-key-'))
t.teardown(() => rmSync(directory, { recursive: true }))
const file = join(directory, 'app.pem')
writeFileSync(file, pem)

t.test('a key in each of its forms', async (t) => {
  const forms: Record<string, Record<string, string>> = {
    'as it is': { GITHUB_APP_PRIVATE_KEY: pem },
    'PKCS#8': { GITHUB_APP_PRIVATE_KEY: pkcs8 },
    'with \\n for its line ends': { GITHUB_APP_PRIVATE_KEY: pem.replaceAll('\n', '\\n') },
    'with the quotes of a file': { GITHUB_APP_PRIVATE_KEY: `"${pem.replaceAll('\n', '\\n')}"` },
    'of Windows': { GITHUB_APP_PRIVATE_KEY: pem.replaceAll('\n', '\r\n') },
    base64: { GITHUB_APP_PRIVATE_KEY: Buffer.from(pem).toString('base64') },
    'base64 in lines': {
      GITHUB_APP_PRIVATE_KEY: Buffer.from(pem).toString('base64').replace(/.{64}/g, '$&\n'),
    },
    'in a file': { GITHUB_APP_PRIVATE_KEY_FILE: file },
  }
  for (const [form, key] of Object.entries(forms)) {
    const { githubApp, githubToken } = readWorkerSettings({ GITHUB_APP_ID: '12', ...key })
    t.equal(githubApp?.id, 12, form)
    t.match(githubApp?.privateKey, /^-----BEGIN [A-Z ]+-----\n[\s\S]+-----END/, form)
    t.equal(githubToken, undefined)
    const server = readServerSettings({ GITHUB_WEBHOOK_SECRET: 'x', GITHUB_APP_ID: '12', ...key })
    t.equal(server.githubApp?.privateKey, githubApp?.privateKey)
  }
  t.match(readWorkerSettings({ GITHUB_TOKEN: 't', GITHUB_APP_ID: '12', GITHUB_APP_PRIVATE_KEY: pem }), {
    githubToken: 't',
    githubApp: { id: 12 },
  })
})

t.test('what is wrong is said without the key', async (t) => {
  const broken = pem.split('\n').toSpliced(5, 3).join('\n')
  const { privateKey: elliptic } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecPem = elliptic.export({ type: 'pkcs8', format: 'pem' }).toString()
  const rows: [Record<string, string>, RegExp][] = [
    [{}, /GITHUB_TOKEN is not set, nor GITHUB_APP_ID: .*livraison setup/],
    [
      { GITHUB_APP_ID: 'Iv1.abc', GITHUB_APP_PRIVATE_KEY: pem },
      /GITHUB_APP_ID must be the App's id, a number/,
    ],
    [{ GITHUB_APP_ID: '12' }, /GITHUB_APP_PRIVATE_KEY or GITHUB_APP_PRIVATE_KEY_FILE is not set/],
    [{ GITHUB_APP_PRIVATE_KEY: pem }, /GITHUB_APP_ID is not set, but a private key/],
    [
      { GITHUB_APP_ID: '12', GITHUB_APP_PRIVATE_KEY: broken },
      /GITHUB_APP_PRIVATE_KEY holds no RSA private key/,
    ],
    [{ GITHUB_APP_ID: '12', GITHUB_APP_PRIVATE_KEY: 'a secret text' }, /holds no RSA private key/],
    [{ GITHUB_APP_ID: '12', GITHUB_APP_PRIVATE_KEY: ecPem }, /holds no RSA private key/],
    [
      { GITHUB_APP_ID: '12', GITHUB_APP_PRIVATE_KEY_FILE: '/nowhere.pem' },
      /names "\/nowhere.pem", and there is no such/,
    ],
    [
      { GITHUB_APP_ID: '12', GITHUB_APP_PRIVATE_KEY: pem, GITHUB_APP_PRIVATE_KEY_FILE: file },
      /both set: unset one/,
    ],
  ]
  for (const [env, complaint] of rows) {
    try {
      readWorkerSettings(env)
      t.fail(String(complaint))
    } catch (error) {
      t.ok(error instanceof SettingsError)
      const { message } = error as SettingsError
      t.match(message, complaint)
      for (const key of [pem, broken, ecPem]) t.notOk(message.includes(key.slice(40, 60)))
      t.notMatch(message, /secret text/)
    }
  }
})
