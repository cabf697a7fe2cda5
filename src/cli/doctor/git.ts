import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GitFailed, git } from '../../git/git.ts'
import { setUpGit } from '../../git/git-setup.ts'
import type { DoctorSettings } from '../../settings/doctor.ts'
import type { Finding } from './finding.ts'

const limitMs = 30_000

/** Whether git is there: checkouts need it. */
export async function examineGit(): Promise<Finding> {
  const said = await new Promise<string | undefined>((done) => {
    execFile('git', ['--version'], { timeout: 5000 }, (error, stdout) =>
      done(error ? undefined : stdout.trim()),
    )
  })
  if (said !== undefined) return { level: 'ok', of: 'git', text: said }
  return { level: 'fail', of: 'git', text: 'there is none', todo: 'Install git: workers check out with it.' }
}

/** Whether git can read a repository (`owner/name`), as a worker's git would. */
export async function examineFetch(settings: DoctorSettings, repository: string): Promise<Finding> {
  const { githubServerUrl, githubToken, hostEnv, githubCa } = settings
  const of = `git of ${repository}`
  const url = `${githubServerUrl}/${repository}.git`
  const directory = await mkdtemp(join(tmpdir(), 'livraison-doctor-'))
  try {
    const setup = await setUpGit(directory, githubServerUrl, hostEnv, githubCa?.file)
    const signal = AbortSignal.timeout(limitMs)
    const token = githubToken === undefined ? {} : { token: githubToken }
    await git(['ls-remote', '--quiet', url, 'HEAD'], { setup, signal, ...token })
    return { level: 'ok', of, text: `${url} can be fetched` }
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError'
    if (!(error instanceof GitFailed || isLate)) throw error
    const reason = isLate ? `no answer in ${limitMs / 1000} s` : error.message
    return { level: 'fail', of, text: `${url} cannot be fetched: ${reason}`, todo: adviceOn(reason) }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** What to do about what git said. Pure. */
export function adviceOn(reason: string): string {
  if (/certificate|SSL/i.test(reason)) {
    return 'Its certificate is of an authority that this machine does not know: name that in GITHUB_CA_FILE.'
  }
  if (/resolve host|connect|no answer|timed? ?out/i.test(reason)) {
    return 'Look at GITHUB_SERVER_URL and at the way out of this machine (HTTPS_PROXY).'
  }
  if (/not found|authentication|403|401|password/i.test(reason)) {
    return 'Give the token Contents: read of this repository, and see whether it is called so.'
  }
  return 'Try the same with git clone on this machine.'
}
