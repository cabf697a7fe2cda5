/**
 * The workflow run that a `deployment_callback_url` is of. Its path must be that of the repository's run, to the letter; its host
 * is not looked at, since nothing is ever sent there: the answer goes to GITHUB_API_URL. Undefined: it is something else. Pure.
 */
export function readRunId(callbackUrl: string, fullName: string): number | undefined {
  if (!URL.canParse(callbackUrl)) return undefined
  const { protocol, username, password, pathname, search, hash } = new URL(callbackUrl)
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  if (username !== '' || password !== '' || search !== '' || hash !== '') return undefined
  // GitHub Enterprise Server has its API below /api/v3.
  const path =
    /^(?:\/api\/v3)?\/repos\/([^/]+\/[^/]+)\/actions\/runs\/([1-9]\d{0,15})\/deployment_protection_rule$/
  const [, name = '', digits] = path.exec(pathname) ?? []
  const id = Number(digits)
  if (name.toLowerCase() !== fullName.toLowerCase() || !Number.isSafeInteger(id)) return undefined
  return id
}
