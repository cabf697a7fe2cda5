import type { ChannelTarget, Rules } from '../../src/config/rules.ts'

const ofRules = new WeakMap<Rules, readonly string[]>()
/** Of what stands in the file in clear, shorter pieces are found in too much that is no secret. */
const shortestInClear = 12

/** All of a configuration that no log may show. Gives the same list for the same rules. */
export function secretsOfRules(rules: Rules): readonly string[] {
  const known = ofRules.get(rules)
  if (known) return known
  const inClear = rules.channels.flatMap(({ channel }) => secretsOf(channel.target))
  const found = [...rules.secrets, ...inClear.filter(({ length }) => length >= shortestInClear)]
  ofRules.set(rules, found)
  return found
}

/** All of a channel's target that no log may show, even where it stands in livraison.yml in clear. Pure. */
export function secretsOf(target: ChannelTarget): string[] {
  switch (target.kind) {
    case 'slack-bot':
      return [target.token]
    case 'email': {
      const { username, password } = new URL(target.server)
      return [target.server, username, password, ...decoded(password)]
    }
    case 'webhook':
    case 'hubot':
      return [...addressForms(target.url), ...(target.secret === undefined ? [] : [target.secret])]
    default:
      return addressForms(target.url)
  }
}

/** The whole address, and what follows its host. */
function addressForms(address: string): string[] {
  const { href, pathname, search } = new URL(address)
  const path = pathname === '/' ? '' : pathname
  return [address, href, `${path}${search}`, path].filter((form) => form !== '')
}

/** The password as it is sent. */
function decoded(text: string): string[] {
  try {
    return [decodeURIComponent(text)]
  } catch {
    return []
  }
}
