import { BlockList, isIPv4 } from 'node:net'

/**
 * Networks that are not the public internet: private, loopback, link-local (where clouds keep their credentials),
 * shared, reserved, multicast.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const special4: [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/**
 * Of IPv6 only 2000::/3 is public at all: not loopback, unique-local, link-local, multicast, nor what holds an IPv4
 * address (mapped, NAT64). These parts of it are not public either, or hold one too (Teredo, 6to4).
 *
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const special6: [network: string, bits: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const blocked = new BlockList()
for (const [network, bits] of special4) blocked.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of special6) blocked.addSubnet(network, bits, 'ipv6')

const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')

/** Whether an IP address is one of the public internet. */
export function isPublic(address: string): boolean {
  const plain = address.split('%')[0] ?? ''
  if (isIPv4(plain)) return !blocked.check(plain, 'ipv4')
  return global6.check(plain, 'ipv6') && !blocked.check(plain, 'ipv6')
}
