/** A server that listens. */
export interface Node {
  host: string
  port: number
}

/** Who we are there. */
export interface Credentials {
  username?: string
  password?: string
}

/** The Redis that REDIS_URL names: one server, a Redis Cluster by some of its nodes, or whichever server Sentinels name. */
export type RedisAddress = { isTls: boolean; credentials: Credentials; family?: number } & (
  | { kind: 'server'; node: Node; db: number }
  | { kind: 'cluster'; nodes: Node[] }
  | { kind: 'sentinel'; sentinels: Node[]; name: string; db: number; sentinelCredentials: Credentials }
)

type Kind = RedisAddress['kind']

/** What is wrong with an address, never with a password in it; it goes on after the name of the setting. */
export class BadAddress extends Error {
  override name = 'BadAddress'
}

const kinds: Record<string, Kind> = { '': 'server', '+cluster': 'cluster', '+sentinel': 'sentinel' }
const defaultPort: Record<Kind, number> = { server: 6379, cluster: 6379, sentinel: 26_379 }
/** What may be said after a question mark. */
const parametersOf: Record<Kind, string[]> = {
  server: ['family'],
  cluster: ['family'],
  sentinel: ['family', 'sentinelUsername', 'sentinelPassword'],
}

/** Takes an address apart. Pure. @throws {BadAddress} */
export function readRedisAddress(text: string): RedisAddress {
  const [, secure, form = '', rest = ''] = /^redis(s?)(\+\w+)?:\/\/(.*)$/s.exec(text.trim()) ?? []
  const isList = rest.includes(',')
  const kind = isList && form === '' ? 'cluster' : kinds[form]
  if (secure === undefined || kind === undefined) {
    throw new BadAddress(
      'must be an address that begins with redis://, rediss://, redis+sentinel:// or rediss+sentinel://, or a list of the nodes of a Redis Cluster, separated by commas',
    )
  }
  const scheme = `redis${secure}:`
  const [list = '', query = ''] = splitOnce(rest, '?')
  const urls = partsOf(list, kind, text).map((part) => readPart(part, scheme))
  const shared = {
    isTls: secure === 's',
    credentials: credentialsOf(urls),
    ...parametersFrom(query, kind),
  }
  const nodes = urls.map(({ hostname, port }) => ({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort[kind] : Number(port),
  }))
  return complete(kind, nodes, pathOf(urls), shared)
}

type Shared = { isTls: boolean; credentials: Credentials; sentinelCredentials: Credentials; family?: number }

function complete(kind: Kind, nodes: Node[], path: string[], shared: Shared): RedisAddress {
  const { sentinelCredentials, ...common } = shared
  const [node] = nodes
  if (node === undefined) throw new BadAddress('names no host')
  if (kind === 'cluster') {
    if (path.length > 0 && path.join('/') !== '0') {
      throw new BadAddress('names a database, and a Redis Cluster has only database 0: leave it away')
    }
    return { kind, nodes, ...common }
  }
  if (kind === 'server') return { kind, node, db: databaseOf(path), ...common }
  const [name, ...rest] = path
  if (name === undefined) {
    throw new BadAddress(
      'does not say what the Sentinels call the master: end it with that, as in redis+sentinel://one:26379,two:26379/mymaster',
    )
  }
  return { kind, sentinels: nodes, name, db: databaseOf(rest), sentinelCredentials, ...common }
}

/** The parts of a list; each may begin with a scheme of its own, as the first does. */
function partsOf(list: string, kind: Kind, text: string): string[] {
  const scheme = /^rediss?/.exec(text.trim())?.[0]
  const parts = list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  for (const part of parts) {
    const own = /^(\w+)(?:\+\w+)?:\/\//.exec(part)?.[1]
    if (own !== undefined && own !== scheme) {
      throw new BadAddress('mixes redis:// and rediss://: all nodes are reached the same way')
    }
  }
  if (kind === 'server' && parts.length > 1) throw new BadAddress('names several servers')
  return parts.map((part) => part.replace(/^\w+(?:\+\w+)?:\/\//, ''))
}

function readPart(part: string, scheme: string): URL {
  // WHATWG URLs of an unknown scheme keep letters as they are; http gives us ports and brackets as we need them.
  const url = URL.canParse(`${scheme}//${part}`) ? new URL(`${scheme}//${part}`) : undefined
  if (url === undefined || url.hostname === '') {
    throw new BadAddress(
      'has a part that is no host:port. In passwords, write , as %2C, / as %2F, ? as %3F, # as %23 and @ as %40',
    )
  }
  if (url.hash !== '') throw new BadAddress('has a # in it: in passwords, write that as %23')
  return url
}

/** The user and the password: said once, or each time the same. */
function credentialsOf(urls: URL[]): Credentials {
  const said = urls.filter(({ username, password }) => username !== '' || password !== '')
  const [first] = said
  if (said.some(({ username, password }) => username !== first?.username || password !== first.password)) {
    throw new BadAddress('names different users or passwords: all nodes take the same')
  }
  return first === undefined ? {} : credentials(decode(first.username), decode(first.password))
}

function credentials(username: string, password: string): Credentials {
  return {
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
  }
}

/** What comes after the hosts: of one of them only, and of a list the last. */
function pathOf(urls: URL[]): string[] {
  const paths = urls.map(({ pathname }) => pathname.split('/').filter((part) => part !== ''))
  if (paths.slice(0, -1).some((path) => path.length > 0)) {
    throw new BadAddress('has a path between its hosts: it comes after the last')
  }
  return (paths.at(-1) ?? []).map(decode)
}

function databaseOf([text = '0', ...more]: string[]): number {
  if (more.length > 0 || !/^\d{1,5}$/.test(text)) {
    throw new BadAddress(
      `names the database ${JSON.stringify([text, ...more].join('/'))}, which is no number`,
    )
  }
  return Number(text)
}

function parametersFrom(query: string, kind: Kind): Omit<Shared, 'isTls' | 'credentials'> {
  const parameters = new URLSearchParams(query)
  const known = parametersOf[kind]
  for (const name of parameters.keys()) {
    if (known.includes(name)) continue
    throw new BadAddress(`says ${JSON.stringify(`?${name}`)}: only ${known.join(', ')} can be said here`)
  }
  const family = parameters.get('family')
  if (family !== null && !['0', '4', '6'].includes(family))
    throw new BadAddress('says a family that is not 4 or 6')
  return {
    sentinelCredentials: credentials(
      parameters.get('sentinelUsername') ?? '',
      parameters.get('sentinelPassword') ?? '',
    ),
    ...(family === null ? {} : { family: Number(family) }),
  }
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new BadAddress('has a % that no two digits follow: write it as %25')
  }
}
