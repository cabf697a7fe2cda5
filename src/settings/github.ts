import type { z } from 'zod'
import { webUrl } from './values.ts'

/** The variables that say which GitHub it is. */
export const githubVariables = {
  GITHUB_SERVER_URL: webUrl.optional(),
  GITHUB_API_URL: webUrl.optional(),
}

type GitHubVariables = z.output<z.ZodObject<typeof githubVariables>>

const dotCom = { server: 'https://github.com', api: 'https://api.github.com' }
const dataResidency = '.ghe.com'

/** Where GitHub is: what is not set follows from what is. */
export function readGitHubUrls({ GITHUB_SERVER_URL: server, GITHUB_API_URL: api }: GitHubVariables) {
  const githubServerUrl = server ?? (api === undefined ? dotCom.server : serverUrlOf(api))
  return { githubServerUrl, githubApiUrl: api ?? apiUrlOf(githubServerUrl) }
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
