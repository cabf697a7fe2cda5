import { AddressRefused } from '../outgoing/connect.ts'
import { ChannelTrouble } from './notifier.ts'

/** Codes of what never got as far as asking. */
export const neverAsked = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'EPROTO'],
])

/**
 * Why a channel could not be asked, or its answer not be read. It says no more than a code: messages of clients quote addresses, and
 * the address is the secret.
 */
export function unreachable(channel: string, error: unknown): ChannelTrouble {
  if (error instanceof ChannelTrouble) return error
  if (error instanceof AddressRefused) {
    return new ChannelTrouble(`The address of ${channel} ${error.why}`, { isCertain: true, cause: error })
  }
  const code = codeIn(error)
  const isCertain = code !== undefined && neverAsked.has(code)
  const words = isCertain ? 'could not be reached' : 'did not answer as it should'
  return new ChannelTrouble(`${channel} ${words}${code === undefined ? '' : ` (${code})`}.`, { isCertain })
}

/** The code of an error or of what caused it; the ways of stopping have names instead. */
function codeIn(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time'
  const nested = codeIn(error.cause ?? ('original' in error ? error.original : undefined), depth + 1)
  if (nested !== undefined) return nested
  if (error instanceof AggregateError) return codeIn(error.errors[0], depth + 1)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return /^[A-Z][A-Z0-9_]*$/.test(code) ? code : undefined
}
