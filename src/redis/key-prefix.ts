/** The prefix for GitHub.com. */
export const gitHubComPrefix = '{livraison}'

/**
 * The first part of each of our keys: the braces keep them in one slot of a Redis Cluster. Ids are unique at one GitHub only, so
 * each has keys of its own: a receiver and workers for each may share a Redis. GitHub.com's are the short ones. Pure.
 */
export function keyPrefixOf(githubServerUrl: string): string {
  const host = hostOf(githubServerUrl)
  return host === 'github.com' ? gitHubComPrefix : `{livraison:${host}}`
}

/** The host of a GitHub, with the port if it is not the usual one. Pure. */
export function hostOf(githubServerUrl: string): string {
  const { host } = new URL(githubServerUrl)
  return host === 'www.github.com' ? 'github.com' : host
}
