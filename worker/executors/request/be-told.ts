import type { Told } from '../../../src/callbacks/callbacks.ts'
import { limitTime } from '../../time-limit.ts'
import type { CallbackAddress } from './callback-addresses.ts'
import type { Progress } from './progress.ts'

/** Puts what came into the log, and gives the outcome if it has come. */
export async function readNews(address: CallbackAddress, progress: Progress): Promise<Told | undefined> {
  const { outcome, texts } = await address.read()
  for (const text of texts) {
    for (const line of text.trimEnd().split(/\r\n|\r|\n/)) progress.log(line)
  }
  return outcome
}

/** Waits until it is told how it went. @throws the signal's reason */
export async function waitToBeTold(
  address: CallbackAddress,
  progress: Progress,
  signal: AbortSignal,
): Promise<Told> {
  for (;;) {
    const told = await readNews(address, progress)
    if (told) return told
    await address.news(signal)
  }
}

/**
 * Makes the call and waits to be told how it went, which may be while the call is still under way. The call gives why it
 * failed, in words, or undefined if it was accepted. Gives undefined if nothing was told within `withinMs` after that.
 *
 * @throws the signal's reason, and what the call throws
 */
export async function callAndBeTold(
  address: CallbackAddress,
  progress: Progress,
  { signal, withinMs }: { signal: AbortSignal; withinMs: number | undefined },
  call: (signal: AbortSignal) => Promise<string | undefined>,
): Promise<{ told: Told } | { failure: string } | undefined> {
  const over = new AbortController()
  const both = AbortSignal.any([signal, over.signal])
  const telling = waitToBeTold(address, progress, both).then((told) => ({ told }))
  const calling = call(both).then((failure) => ({ failure }))
  for (const each of [telling, calling]) each.catch(() => {})
  try {
    const first = await Promise.race([telling, calling])
    if ('told' in first) return first
    if (first.failure !== undefined) return { failure: first.failure }
    if (withinMs === undefined) return await telling
    return await withinTime(telling, both, withinMs)
  } finally {
    over.abort(new Error('It was told, or is not waited for any more.'))
    address.leave()
  }
}

async function withinTime<T>(promise: Promise<T>, signal: AbortSignal, ms: number): Promise<T | undefined> {
  const limit = limitTime(signal, ms)
  const tooLate = new Promise<undefined>((resolve) =>
    limit.signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  )
  try {
    const first = await Promise.race([promise, tooLate])
    signal.throwIfAborted()
    return first
  } finally {
    limit.stop()
  }
}
