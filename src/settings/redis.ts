import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { z } from 'zod'
import { messageOf } from '../errors/errors.ts'
import { BadAddress, readRedisAddress } from '../redis/address.ts'
import type { RedisTls } from '../redis/options.ts'
import { SettingsError } from './parse.ts'

/** The text of a file of PEM; what is in it is not shown. */
const pemFile = (label: RegExp, what: string) =>
  z
    .string()
    .transform((file, context) => {
      const text = readOrUndefined(file)
      if (text !== undefined && label.test(text)) return text
      const why = text === undefined ? 'which cannot be read' : `which holds no ${what} in PEM`
      context.addIssue({ code: 'custom', message: `names ${JSON.stringify(file)}, ${why}` })
      return z.NEVER
    })
    .optional()

/** The variables of the connection to Redis. */
export const redisVariables = {
  REDIS_URL: z
    .string()
    .superRefine((value, context) => {
      try {
        readRedisAddress(value)
      } catch (error) {
        if (!(error instanceof BadAddress)) throw error
        context.addIssue({ code: 'custom', message: error.message })
      }
    })
    .default('redis://127.0.0.1:6379'),
  REDIS_CA_FILE: pemFile(/-----BEGIN (TRUSTED )?CERTIFICATE-----/, 'certificate'),
  REDIS_CERT_FILE: pemFile(/-----BEGIN CERTIFICATE-----/, 'certificate'),
  REDIS_KEY_FILE: pemFile(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'private key'),
}

type RedisVariables = z.output<z.ZodObject<typeof redisVariables>>

/** Where Redis is, and how it is reached; throws {@link SettingsError} where the settings do not go together. */
export function readRedis(read: RedisVariables): { redisUrl: string; redisTls?: RedisTls } {
  const { REDIS_URL: redisUrl, REDIS_CA_FILE: ca, REDIS_CERT_FILE: cert, REDIS_KEY_FILE: key } = read
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
  if (Object.keys(tls).length === 0) return { redisUrl }
  const problem = problemOf(redisUrl, tls)
  if (problem !== undefined) {
    throw new SettingsError(`These settings are missing or unusable:\n  ${problem}`)
  }
  return { redisUrl, redisTls: tls }
}

function problemOf(redisUrl: string, { ca, cert, key }: RedisTls): string | undefined {
  if (!readRedisAddress(redisUrl).isTls) {
    return 'REDIS_CA_FILE, REDIS_CERT_FILE and REDIS_KEY_FILE are for TLS: REDIS_URL must begin with rediss://'
  }
  if ((cert === undefined) !== (key === undefined)) {
    return 'REDIS_CERT_FILE and REDIS_KEY_FILE belong together: set both or neither'
  }
  try {
    if (ca !== undefined) new X509Certificate(ca)
  } catch (error) {
    return `REDIS_CA_FILE holds no certificate that can be used: ${messageOf(error)}`
  }
  try {
    createSecureContext({ ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) })
  } catch (error) {
    return `REDIS_CERT_FILE and REDIS_KEY_FILE cannot be used together: ${messageOf(error)}`
  }
  return undefined
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
