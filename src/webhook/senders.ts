import { BlockList, isIP } from 'node:net'
import { Refusal } from '../errors/refusal.ts'

/** From where webhooks are taken. */
export interface Senders {
  /** Why nothing is taken from this address; undefined if it is. */
  refusalOf(address: string | undefined): Refusal | undefined
}

const retryAfterSeconds = 30

/** Ranges that can be replaced: undefined, as long as those that are meant are not known. */
export interface ReplaceableSenders extends Senders {
  replace(ranges: readonly string[]): void
}

/** None but these may send; nobody may, until they are known. */
export function createSenders(ranges?: readonly string[]): ReplaceableSenders {
  let list = ranges && listOf(ranges)
  return {
    replace(ranges) {
      list = listOf(ranges)
    },
    refusalOf(address) {
      if (list === undefined) {
        const message =
          "GitHub's addresses are not known yet, and WEBHOOK_ALLOW_FROM takes webhooks only from there: redeliver this later."
        return new Refusal(503, message, { retryAfterSeconds })
      }
      // Whoever has gone already has none.
      const [plain = ''] = (address ?? '').split('%')
      const family = isIP(plain)
      if (family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6')) return undefined
      return new Refusal(
        403,
        `WEBHOOK_ALLOW_FROM takes no webhooks from ${plain}. Is there a proxy in front? Then set TRUST_PROXY to its address.`,
      )
    },
  }
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}
