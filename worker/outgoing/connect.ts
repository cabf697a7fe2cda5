import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isOfCloud, isPublic } from './addresses.ts'

/** The address is one that must not be called. */
export class AddressRefused extends Error {
  override name = 'AddressRefused'
  /** What is said of it where it must not be named. */
  readonly why: string

  constructor(hostname: string, address: string, why: string) {
    super(`${hostname.includes(address) ? address : `${hostname} (${address})`} ${why}`)
    this.why = why
  }
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void

const connectMs = 10_000

/**
 * Connections that go out, to public addresses only unless private ones are allowed, and never to those where a cloud keeps the
 * machine's credentials. A host is refused if any of its addresses is, and what is connected to is what was checked: the name is
 * not resolved again in between. They follow no redirects, which is the callers' part.
 */
export function openConnections(allowPrivate: boolean): Agent {
  const refusal = allowPrivate ? refusalOfCloud : refusalOfPrivate
  const connect = buildConnector({ timeout: connectMs, lookup: checkedLookup(refusal) })
  return new Agent({
    ...{ headersTimeout: 0, bodyTimeout: 0 },
    connect: (options, callback) => {
      // An address in the place of a name is never looked up.
      const { hostname } = options
      const address = hostname.replace(/^\[(.*)\]$/, '$1')
      const refused = isIP(address) ? refusal(hostname, address) : undefined
      if (refused) callback(refused, null)
      else connect(options, callback)
    },
  })
}

/** Why a host is not connected to, for one of its addresses; undefined if it may be. */
type RefusalOf = (hostname: string, address: string) => AddressRefused | undefined

const cloudWords = "is where clouds keep a machine's credentials: it is never called."
const privateWords =
  'is not an address of the public internet. If it is meant, say allow_private: true beside its url.'

const refusalOfCloud: RefusalOf = (hostname, address) =>
  isOfCloud(address) ? new AddressRefused(hostname, address, cloudWords) : undefined

const refusalOfPrivate: RefusalOf = (hostname, address) =>
  refusalOfCloud(hostname, address) ??
  (isPublic(address) ? undefined : new AddressRefused(hostname, address, privateWords))

/** As dns.lookup, but a host with an address that is not public is an error. */
export const lookupPublic = checkedLookup(refusalOfPrivate)

function checkedLookup(refusal: RefusalOf) {
  return (hostname: string, options: LookupOptions, done: Found): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      const refused = addresses.map(({ address }) => refusal(hostname, address)).find((each) => each)
      if (refused) return done(refused, [])
      const [first] = addresses
      if (options.all || !first) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}
