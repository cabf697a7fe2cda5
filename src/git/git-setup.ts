import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** How our own git runs: its environment, which holds no secret, and a home without anything in it. */
export interface GitSetup {
  env: Record<string, string>
  home: string
}

/** Settings of the worker's environment that git needs to find its way out. */
const passedOn = [
  'PATH',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'CURL_CA_BUNDLE',
]

/**
 * Makes the files that our own git needs in a private directory: its only configuration, and the program that
 * it asks for a password, which gives the token (from an inherited pipe) to the server and to nobody else.
 *
 * @param caFile the certificates of the server's authority; undefined: it is one that everybody trusts
 */
export async function setUpGit(
  directory: string,
  serverUrl: string,
  host: Record<string, string>,
  caFile?: string,
): Promise<GitSetup> {
  const home = join(directory, 'git')
  await mkdir(home, { mode: 0o700 })
  const config = join(home, 'config')
  const askpass = join(home, 'askpass')
  await writeFile(config, configuration(new URL(serverUrl), caFile))
  await writeFile(askpass, askpassProgram(new URL(serverUrl)), { mode: 0o700 })
  return {
    home,
    env: {
      ...Object.fromEntries(Object.entries(host).filter(([name]) => passedOn.includes(name))),
      HOME: home,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: config,
      GIT_ATTR_NOSYSTEM: '1',
      GIT_ALLOW_PROTOCOL: 'http:https',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: askpass,
      // Neither git nor git-lfs is to reach out by ssh, whatever a repository says.
      GIT_SSH_COMMAND: 'false',
      GIT_LFS_SKIP_SMUDGE: '1',
    },
  }
}

/** What a repository could turn against us is off; where a submodule names the server by ssh, we go by http. */
function configuration({ origin, host }: URL, caFile: string | undefined): string {
  return `[core]
	hooksPath = /dev/null
	fsmonitor = false
	autocrlf = false
	untrackedCache = false
[protocol]
	allow = never
[protocol "http"]
	allow = always
[protocol "https"]
	allow = always
[credential]
	helper =
[init]
	defaultBranch = main
[advice]
	detachedHead = false
[gc]
	auto = 0
[maintenance]
	auto = false
[fetch]
	unpackLimit = 1
[http]
	lowSpeedLimit = 1000
	lowSpeedTime = 60
${caFile === undefined ? '' : trusted(origin, caFile)}[url "${origin}/"]
	insteadOf = git@${host}:
	insteadOf = ssh://git@${host}/
	insteadOf = git://${host}/
`
}

/** Trusts this server's own authority, for this server only. @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-httplturlgt */
function trusted(origin: string, caFile: string): string {
  return `[http "${origin}/"]\n\tsslCAInfo = ${JSON.stringify(caFile)}\n`
}

/**
 * git asks "Username for 'https://host': ", then "Password for 'https://user@host': "; git-lfs asks for
 * "https://host/path", escaping quotes. A host whose name only begins like ours, or holds a quote, is no match.
 */
function askpassProgram({ protocol, host, origin }: URL): string {
  const password = `${protocol}//x-access-token@${host}`
  return `#!/bin/sh
case $1 in
"Username for '${origin}': " | "Username for \\"${origin}\\"" | "Username for \\"${origin}/"*)
  echo x-access-token ;;
"Password for '${password}': " | "Password for \\"${password}\\"" | "Password for \\"${password}/"*)
  read -r token <&3 && printf '%s\\n' "$token" ;;
*)
  echo "livraison: no password for another server" >&2
  exit 1 ;;
esac
`
}
