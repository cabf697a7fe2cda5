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

/**
 * Where a machine in a cloud asks for its credentials, its settings and its secrets, and nobody else should: link-local addresses,
 * and those of AWS by IPv6, Alibaba, Oracle and Azure, of which the last looks like any other.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 * @see https://docs.cloud.google.com/compute/docs/metadata/overview
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
 * @see https://docs.oracle.com/en-us/iaas/Content/Compute/Tasks/gettingmetadata.htm
 * @see https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const ofClouds = new BlockList()
ofClouds.addSubnet('169.254.0.0', 16, 'ipv4')
for (const address of ['100.100.100.200', '192.0.0.192', '168.63.129.16'])
  ofClouds.addAddress(address, 'ipv4')
ofClouds.addSubnet('fe80::', 10, 'ipv6')
ofClouds.addSubnet('fd00:ec2::', 32, 'ipv6')

/** Whether an IP address, however it is written, is one where a cloud keeps a machine's credentials. */
export function isOfCloud(address: string): boolean {
  const plain = address.split('%')[0] ?? ''
  // An IPv4 address as one of IPv6 is looked up as what it is.
  return isIPv4(plain) ? ofClouds.check(plain, 'ipv4') : ofClouds.check(plain, 'ipv6') || isTranslated(plain)
}

/** NAT64 leads from IPv6 to the IPv4 address in its last bits. @see https://www.rfc-editor.org/rfc/rfc6052 */
const nat64 = new BlockList()
nat64.addSubnet('64:ff9b::', 96, 'ipv6')

function isTranslated(address: string): boolean {
  if (!nat64.check(address, 'ipv6')) return false
  const { hostname } = new URL(`http://[${address}]`)
  const [low = 0, high = 0] = hostname
    .slice(1, -1)
    .split(':')
    .reverse()
    .map((part) => Number.parseInt(part || '0', 16))
  return ofClouds.check([high >> 8, high & 255, low >> 8, low & 255].join('.'), 'ipv4')
}

/** Whether an IP address is one of the public internet. */
export function isPublic(address: string): boolean {
  if (isOfCloud(address)) return false
  const plain = address.split('%')[0] ?? ''
  if (isIPv4(plain)) return !blocked.check(plain, 'ipv4')
  return global6.check(plain, 'ipv6') && !blocked.check(plain, 'ipv6')
}
