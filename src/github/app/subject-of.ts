/** Whose token a call needs: the App's own, that of a repository's or an organization's installation, anybody's, or that of a person. */
export type Subject =
  | { of: 'app' }
  | { of: 'repository'; owner: string; repo: string }
  | { of: 'repository-id'; id: number }
  | { of: 'organization'; org: string }
  | { of: 'nobody' }
  | { of: 'person' }

/** How the App itself finds where it is installed. */
const ofApp = [/^\/app(\/|$)/, /^\/(repos\/[^/]+\/[^/]+|orgs\/[^/]+|users\/[^/]+)\/installation$/]

/** By the address of a call below the API's root. Pure. */
export function subjectOf(path: string): Subject {
  if (ofApp.some((each) => each.test(path))) return { of: 'app' }
  const [, root = '', one = '', two = ''] = path.split('/').map(decodeURIComponent)
  if (root === 'repos' && one !== '' && two !== '') return { of: 'repository', owner: one, repo: two }
  if (root === 'repositories' && /^\d+$/.test(one)) return { of: 'repository-id', id: Number(one) }
  // Public, but whoever asks without a token shares sixty calls an hour with all others behind the same address.
  if (path === '/meta') return { of: 'nobody' }
  if (root === 'orgs' && one !== '') return { of: 'organization', org: one }
  return { of: 'person' }
}
