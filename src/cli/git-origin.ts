import { execFile } from 'node:child_process'

const limitMs = 1000

/** The `owner/name` of the current folder's origin, if that is a checkout of a repository at this server. */
export async function repositoryHere(githubServerUrl: string): Promise<string | undefined> {
  const origin = await new Promise<string>((resolve) => {
    execFile('git', ['remote', 'get-url', 'origin'], { timeout: limitMs }, (error, stdout) =>
      resolve(error ? '' : stdout.trim()),
    )
  })
  return repositoryOf(origin, githubServerUrl)
}

/** The `owner/name` in the address of a remote, in any of the ways in which git writes them. Pure. */
export function repositoryOf(remote: string, githubServerUrl: string): string | undefined {
  const server = new URL(githubServerUrl)
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.*)$/.exec(remote)
  const isAddress = short === null && URL.canParse(remote)
  const host = isAddress ? hostOf(new URL(remote)) : short?.[1]
  const path = isAddress ? new URL(remote).pathname : short?.[2]
  const isThere = host === server.host || (!isWeb(remote) && host === server.hostname)
  if (!isThere || path === undefined) return undefined
  return /^\/?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(path)?.[1]
}

/** With its port only on the web: ssh has one of its own. */
function hostOf(url: URL): string {
  return isWeb(url.href) ? url.host : url.hostname
}

function isWeb(remote: string): boolean {
  return /^https?:/.test(remote)
}
