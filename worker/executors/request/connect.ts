import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isPublic } from './addresses.ts'

/** The address is one that must not be called. */
export class AddressRefused extends Error {
  override name = 'AddressRefused'
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void

/**
 * The connections of one run. Unless private addresses are allowed, a host is refused if any of its addresses is
 * not public, and what is connected to is what was checked: the name is not resolved again in between.
 */
export function openConnections(allowPrivate: boolean): Agent {
  const timing = { headersTimeout: 0, bodyTimeout: 0 }
  if (allowPrivate) return new Agent({ ...timing, connect: { timeout: connectMs } })
  const connect = buildConnector({ timeout: connectMs, lookup: lookupPublic })
  return new Agent({
    ...timing,
    connect: (options, callback) => {
      // An address in the place of a name is never looked up.
      const { hostname } = options
      const address = hostname.replace(/^\[(.*)\]$/, '$1')
      if (isIP(address) && !isPublic(address)) return callback(refused(hostname, address), null)
      connect(options, callback)
    },
  })
}

const connectMs = 10_000

/** As dns.lookup, but a host with an address that is not public is an error. */
export function lookupPublic(hostname: string, options: LookupOptions, done: Found): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, [])
    const bad = addresses.find(({ address }) => !isPublic(address))
    if (bad) return done(refused(hostname, bad.address), [])
    const [first] = addresses
    if (options.all || !first) done(null, addresses)
    else done(null, first.address, first.family)
  })
}

function refused(hostname: string, address: string): AddressRefused {
  const what = hostname.includes(address) ? address : `${hostname} (${address})`
  return new AddressRefused(
    `${what} is not an address of the public internet. If it is meant, say allow_private: true beside its url.`,
  )
}
