import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { symlinkSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { absent } from '../../../fixtures/programs.ts'
import { startAuthenticatingProxy } from './authenticating-proxy.ts'
import { openBenchWorkspace, scratch, startBench } from './bench.ts'

const token = 'ghs_TheTokenOfThisTest0123456789'
const content = 'a large file, were it not for the test\n'
const oid = createHash('sha256').update(content).digest('hex')
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`
const files = {
  '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
  '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:9/elsewhere\n',
  'a.bin': pointer,
}

t.test('large files are fetched', { skip: absent('git-lfs') }, async (t) => {
  const { sandbox, run } = await startBench(t, { files })
  const proxy = await startAuthenticatingProxy(t, sandbox.url, token, (request, response) =>
    answerLargeFiles(proxy.url, request, response),
  )
  const workspace = await openBenchWorkspace(t, {
    directory: scratch(t),
    serverUrl: proxy.url,
    token: () => token,
  })
  const { lines } = await run('cat a.bin; grep -r ghs_ .git; git status --short', { workspace })
  t.equal(`${lines.at(-1)}\n`, content)
})

/** Git LFS's batch API and its store, as far as a download needs them. */
function answerLargeFiles(url: string, request: IncomingMessage, response: ServerResponse): void {
  if (request.url === `/${oid}`) return void response.end(content)
  if (request.url !== '/acme/shop.git/info/lfs/objects/batch') return
  const download = { href: `${url}/${oid}`, header: { authorization: request.headers.authorization } }
  const objects = [{ oid, size: content.length, authenticated: true, actions: { download } }]
  response
    .writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' })
    .end(JSON.stringify({ transfer: 'basic', objects }))
}

t.test('a repository with Git LFS says so if git-lfs is missing', async (t) => {
  const { run, sandbox } = await startBench(t, { files })
  const bin = scratch(t)
  for (const name of ['git', 'sh']) {
    symlinkSync(
      execFileSync('sh', ['-c', `command -v ${name}`])
        .toString()
        .trim(),
      join(bin, name),
    )
  }
  const workspace = await openBenchWorkspace(t, {
    directory: scratch(t),
    serverUrl: sandbox.url,
    hostEnv: { PATH: bin },
  })
  const { state, lines } = await run('/bin/cat a.bin', { workspace })
  t.equal(state, 'success')
  t.match(lines[0], /uses Git LFS, but git-lfs is not installed/)
  t.equal(`${lines.slice(3).join('\n')}\n`, pointer)
})
