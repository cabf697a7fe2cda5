import type { ChannelTarget } from '../../src/config/rules.ts'

/** All of a channel's target that no log may show, even where it stands in livraison.yml in clear. Pure. */
export function secretsOf(target: ChannelTarget): string[] {
  switch (target.kind) {
    case 'slack-bot':
      return [target.token]
    case 'email': {
      const { username, password } = new URL(target.server)
      return [target.server, username, password, decodeURIComponent(password)]
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
