import { createHmac } from 'node:crypto'
import type { Callbacks, Told } from '../../../src/callbacks/callbacks.ts'
import { duplicate, type Redis } from '../../../src/redis/redis.ts'

/** The address at which one deployment's outcome is told, and what comes there. */
export interface CallbackAddress {
  url: string
  /** The part of it that no log may show. */
  token: string
  /** What has come: the outcome, and texts for the log, each once. */
  read(): Promise<{ outcome?: Told; texts: string[] }>
  /** Resolves when something may have come since it was last read, and from time to time. @throws the signal's reason */
  news(signal: AbortSignal): Promise<void>
  /** Nothing is taken any more; gives the outcome if it came before. */
  end(): Promise<Told | undefined>
  /** Looks no more; what comes is still kept, for whoever takes the deployment up again. */
  leave(): void
}

/** Opens the addresses at which deployments' outcomes are told. */
export interface CallbackAddresses {
  /** The address of a deployment: the same, whichever worker asks for it and however often. It is good for `forMs`. */
  open(deploymentId: number, forMs: number): Promise<CallbackAddress>
  close(): void
}

export interface CallbackAddressOptions {
  redis: Redis
  callbacks: Callbacks
  /** Where people reach the receiver, without a slash at the end. */
  publicUrl: string
  /** What all workers know and nobody else does: tokens are made from it. */
  secret: string
  /** A message may be lost: what came is looked for this often, too. */
  lookMs?: number
}

const usualLookMs = 5000

/**
 * Tokens are made from the deployment and a secret of the workers, so that a run that is begun again asks for the very same
 * thing, and none of them needs to be stored.
 */
export function openCallbackAddresses({
  redis,
  callbacks,
  publicUrl,
  secret,
  lookMs = usualLookMs,
}: CallbackAddressOptions): CallbackAddresses {
  const bells = new Map<number, Bell>()
  let subscriber: Redis | undefined

  const listen = () => {
    if (subscriber) return
    subscriber = duplicate(redis)
    subscriber.on('message', (_channel, id) => bells.get(Number(id))?.ring())
    subscriber.subscribe(callbacks.channel).catch(() => {})
  }

  return {
    async open(id, forMs) {
      const token = createHmac('sha256', secret).update(`livraison callback ${id}`).digest('base64url')
      listen()
      const bell = createBell()
      bells.set(id, bell)
      await callbacks.open(id, token, forMs)
      return {
        url: `${publicUrl}/callbacks/${id}/${token}`,
        token,
        read: () => callbacks.read(id),
        news: (signal) => bell.wait(lookMs, signal),
        end: () => callbacks.end(id),
        leave: () => void bells.delete(id),
      }
    },

    close() {
      subscriber?.disconnect()
    },
  }
}

interface Bell {
  ring(): void
  wait(limitMs: number, signal: AbortSignal): Promise<void>
}

/** One that was rung before anybody waited is heard, too. */
function createBell(): Bell {
  let rung = false
  let wake = () => {}
  return {
    ring() {
      rung = true
      wake()
    },
    async wait(limitMs, signal) {
      signal.throwIfAborted()
      if (!rung) {
        await new Promise<void>((resolve) => {
          const over = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', over)
            resolve()
          }
          const timer = setTimeout(over, limitMs)
          wake = over
          signal.addEventListener('abort', over)
        })
      }
      signal.throwIfAborted()
      rung = false
    },
  }
}
