import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { webUrl } from './values.ts'

/** A file of certificates, read: git wants its name, and Node its text. */
const caFile = z.string().transform((file, context) => {
  try {
    const pem = readFileSync(file, 'utf8')
    // Throws if there is none in it.
    new X509Certificate(pem)
    return { file: resolve(file), pem }
  } catch {
    const message = `names ${JSON.stringify(file)}, and there is no certificate (PEM) to be read in it`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
})

/** The variables that say which GitHub it is. */
export const githubVariables = {
  GITHUB_SERVER_URL: webUrl.optional(),
  GITHUB_API_URL: webUrl.optional(),
  GITHUB_CA_FILE: caFile.optional(),
}

type GitHubVariables = z.output<z.ZodObject<typeof githubVariables>>

const dotCom = { server: 'https://github.com', api: 'https://api.github.com' }
const dataResidency = '.ghe.com'

/** Certificates of authorities that are trusted for GitHub, beside the usual ones. */
export type GitHubCa = z.output<typeof caFile>

/** Where GitHub is, and whom its certificate is from: what is not set follows from what is. */
export function readGitHub({
  GITHUB_SERVER_URL: server,
  GITHUB_API_URL: api,
  GITHUB_CA_FILE: githubCa,
}: GitHubVariables) {
  const githubServerUrl = server ?? (api === undefined ? dotCom.server : serverUrlOf(api))
  const githubApiUrl = api ?? apiUrlOf(githubServerUrl)
  return {
    ...{ githubServerUrl, githubApiUrl },
    ...(server === undefined || api !== undefined
      ? {}
      : { githubNote: follows('GITHUB_API_URL', githubApiUrl) }),
    ...(api === undefined || server !== undefined
      ? {}
      : { githubNote: follows('GITHUB_SERVER_URL', githubServerUrl) }),
    ...(githubCa === undefined ? {} : { githubCa }),
  }
}

function follows(name: string, url: string): string {
  return `${name} is not set; it is taken to be ${url}`
}

/**
 * The API of a GitHub by where its pages are.
 *
 * @see https://docs.github.com/en/enterprise-server@latest/rest/enterprise-admin#endpoint-urls Enterprise Server
 * @see https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency ghe.com
 */
export function apiUrlOf(serverUrl: string): string {
  const { host, hostname, protocol } = new URL(serverUrl)
  if (hostname === 'github.com' || hostname === 'www.github.com') return dotCom.api
  if (hostname.endsWith(dataResidency)) return `${protocol}//api.${host}`
  return `${serverUrl}/api/v3`
}

/** Where the pages of a GitHub are, by its API; GitHub.com's if the address is of no known form. */
export function serverUrlOf(apiUrl: string): string {
  const { host, hostname, protocol } = new URL(apiUrl)
  if (hostname.startsWith('api.') && hostname.endsWith(dataResidency)) return `${protocol}//${host.slice(4)}`
  return apiUrl.endsWith('/api/v3') ? apiUrl.slice(0, -'/api/v3'.length) : dotCom.server
}
