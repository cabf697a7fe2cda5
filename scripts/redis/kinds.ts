import { findTestProgram } from '../setup/test-programs.mjs'
import { startAcl } from './acl.ts'
import { startCluster } from './cluster.ts'
import { startSentinel } from './sentinel.ts'
import type { StartTestedRedis } from './tested-redis.ts'
import { startTls } from './tls.ts'
import { findValkey } from './valkey.ts'

/** A Redis as it is run in production. */
export interface RedisKind {
  what: string
  start: StartTestedRedis
  /** How often it is struck, unless told otherwise. */
  faults: number
  /** What `redis-server` is to be. */
  program?: string | undefined
  /** Why it cannot be tried here. */
  absent?: string | false
}

/** What `npm run test:redis` tries, by name. */
export function redisKinds(): Record<string, RedisKind> {
  const valkey = findValkey()
  const noValkey =
    valkey === undefined &&
    'there is no valkey-server on PATH (Debian 13 and newer: apt-get install valkey-server)'
  const noOpenssl = findTestProgram('openssl') === undefined && 'there is no openssl on PATH'
  return {
    cluster: { what: 'a Redis Cluster: three masters, three replicas', start: startCluster, faults: 4 },
    sentinel: { what: 'three Sentinels, a master and two replicas', start: startSentinel, faults: 4 },
    tls: {
      what: 'TLS with a private CA and client certificates',
      start: startTls,
      faults: 2,
      absent: noOpenssl,
    },
    acl: { what: 'a user with the least rights', start: startAcl, faults: 2 },
    valkey: {
      ...{ what: 'Valkey, with a user of the least rights', start: startAcl, faults: 2 },
      ...{ program: valkey, absent: noValkey },
    },
    'valkey-cluster': {
      ...{ what: 'a Valkey Cluster: three masters, three replicas', start: startCluster, faults: 2 },
      ...{ program: valkey, absent: noValkey },
    },
  }
}
