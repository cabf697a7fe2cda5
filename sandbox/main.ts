import { startSandbox } from './sandbox.ts'

const {
  PORT = '4568',
  HOST = '127.0.0.1',
  SANDBOX_WEBHOOK_URL = 'http://127.0.0.1:4567/event_handler',
  SANDBOX_WEBHOOK_SECRET = 'sandbox-secret',
  SANDBOX_WEBHOOK_CONTENT_TYPE = 'form',
  SANDBOX_TOKEN = 'sandbox-token',
  SANDBOX_URL,
} = process.env

const contentType = SANDBOX_WEBHOOK_CONTENT_TYPE
if (contentType !== 'form' && contentType !== 'json') {
  throw new Error(`SANDBOX_WEBHOOK_CONTENT_TYPE is ${contentType}; it must be form or json`)
}

// Nothing is kept here, but the receiver remembers: its second sandbox must not look like its first.
const firstId = Math.floor(Date.now() / 10)
const sandbox = await startSandbox({
  port: Number(PORT),
  host: HOST,
  token: SANDBOX_TOKEN,
  firstId,
  url: SANDBOX_URL,
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void sandbox.close().then(() => process.exit(0)))
}

await sandbox.createRepository({
  owner: 'acme',
  name: 'shop',
  files: {
    'README.md': '# shop\n',
    'script/deploy': '#!/bin/sh\necho "deploying $(git rev-parse --short HEAD 2>/dev/null) to $1"\n',
  },
})
sandbox.addToTeam('acme', 'deployers', 'octocat')
sandbox.addPerson('mona', ['acme'])
sandbox.setPermission('acme/shop', 'octocat', 'admin')
sandbox.setPermission('acme/shop', 'mona', 'write')
await sandbox.createHook('acme/shop', {
  url: SANDBOX_WEBHOOK_URL,
  secret: SANDBOX_WEBHOOK_SECRET,
  contentType,
  events: ['*'],
})

console.log(`A GitHub for trying things out: ${sandbox.url}

  repository   ${sandbox.url}/acme/shop.git
  API          ${sandbox.apiUrl}
  token        ${sandbox.token}
  webhooks to  ${SANDBOX_WEBHOOK_URL} (${contentType}), secret ${SANDBOX_WEBHOOK_SECRET}

Start Livraison against it, in another terminal:

  GITHUB_API_URL=${sandbox.apiUrl} GITHUB_SERVER_URL=${sandbox.url} \\
  GITHUB_TOKEN=${sandbox.token} GITHUB_WEBHOOK_SECRET=${SANDBOX_WEBHOOK_SECRET} npm start

To sign in with it, too (octocat is in the team @acme/deployers, mona is in acme), name them under \`access\` in
livraison.yml, and set

  GITHUB_OAUTH_CLIENT_ID=${sandbox.oauthApp().id} GITHUB_OAUTH_CLIENT_SECRET=${sandbox.oauthApp().secret}

Then open ${sandbox.url} in a browser to open a pull request and merge it, or:

  curl -X POST ${sandbox.url}/sandbox/repositories/acme/shop/pulls -H 'content-type: application/json' \\
    -d '{"title":"Say hello"}'
  curl -X POST ${sandbox.url}/sandbox/repositories/acme/shop/pulls/1/merge -H 'content-type: application/json'
  curl -X POST ${sandbox.url}/sandbox/faults -H 'content-type: application/json' \\
    -d '{"operation":"repos/create-deployment-status","times":2,"answer":{"status":502}}'
  curl ${sandbox.url}/sandbox/state

Ctrl-C ends it; nothing is kept.`)
