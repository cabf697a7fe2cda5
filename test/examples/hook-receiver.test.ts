// The request executor calls the example of something that deploys, as its page says.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import type { RequestRules } from '../../worker/executors/request/check-rules.ts'
import { requestExecutor } from '../../worker/executors/request/request.ts'
import { shop, startFleet } from '../fixtures/fleet.ts'
import { runOnce } from '../fixtures/run.ts'

const token = 'a token for the hook receiver'

async function startHookReceiver(t: Test, script: string) {
  const directory = t.testdir({ token: `${token}\n`, 'deploy.sh': `#!/bin/sh\n${script}\n` })
  await chmod(join(directory, 'deploy.sh'), 0o755)
  const program = resolve('examples/hook-receiver/hook-receiver.js')
  const child = spawn(
    process.execPath,
    [program, '--port', '0', '--token-file', 'token', '--', './deploy.sh'],
    { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  t.teardown(() => child.kill())
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  const url = String(line).trim().split(' ').at(-1)
  const rules: RequestRules = {
    kind: 'request',
    url: `${url}/deployments`,
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: { sha: '{{sha}}', environment: '{{environment}}' },
    timeoutMs: 10_000,
    poll: {
      url: `${url}/deployments/{{answer.id}}`,
      everyMs: 50,
      success: 'status=succeeded',
      failure: 'status=failed',
    },
    allowPrivate: true,
  }
  return { directory, rules }
}

t.test('a merge is deployed by a command on another machine, once', async (t) => {
  const { directory, rules } = await startHookReceiver(t, 'sleep 0.2; echo "$@" >> deployed')
  const executor = requestExecutor(rules, { secrets: [token] })
  const { sandbox, merge, finalStates } = await startFleet(t, { rules: { executor } })
  await merge()
  const { id, sha, statuses } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.same(await finalStates(id), ['pending', 'in_progress', 'success'])
  t.match(statuses.at(-1)?.description, /^Deployed [0-9a-f]{7} to production: .* says "succeeded"\.$/)
  t.equal(await readFile(join(directory, 'deployed'), 'utf8'), `${sha} production\n`)

  await runOnce(executor, { deployment: { id, sha } })
  t.equal(
    await readFile(join(directory, 'deployed'), 'utf8'),
    `${sha} production\n`,
    'the same key, the same deployment',
  )
})

t.test('a command that fails, and a token that is wrong', async (t) => {
  const { rules } = await startHookReceiver(t, 'exit 3')
  t.match(await runOnce(requestExecutor(rules)), {
    outcome: { state: 'failure', description: / says "failed"\.$/ },
  })
  const headers = { Authorization: 'Bearer another' }
  t.match(await runOnce(requestExecutor({ ...rules, headers })), {
    outcome: { state: 'failure', description: / answered 401: The token is wrong\.$/ },
  })
  t.match(await runOnce(requestExecutor(rules), { deployment: { environment: '--force' } }), {
    outcome: { state: 'failure', description: / answered 422: / },
  })
})

t.test('it tells how it went where it is asked to', async (t) => {
  const { rules } = await startHookReceiver(t, 'echo "on its way"; test "$2" = production')
  const config = `repositories:
  acme/shop:
    environments:
      production: &all
        request:
          url: ${rules.url}
          headers: { Authorization: "Bearer ${token}" }
          callback: true
          allow_private: true
      staging: *all
`
  const fleet = await startFleet(t, { workers: 0, config })
  fleet.addWorker({ settings: { PUBLIC_URL: fleet.receiver.url } })
  await fleet.merge()
  await fleet.sandbox.whenever(() => fleet.sandbox.deployments(shop).length === 2, {
    what: 'two deployments',
  })
  const ends: Record<string, string> = {}
  for (const { id, environment } of fleet.sandbox.deployments(shop)) {
    ends[environment] = (await fleet.finalStates(id)).at(-1) ?? ''
  }
  t.same(ends, { production: 'success', staging: 'failure' })
})
