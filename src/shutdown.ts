import type { Logger } from './log/log.ts'

/** Signals that come this close together are one wish: npm passes Ctrl-C on to a process that had it already. */
const sameWishMs = 1000

/**
 * Ends the process in order on SIGTERM or SIGINT with exit status 0, or 1 if that takes longer than `limitMs`
 * or was asked for twice. An error that nothing caught ends it likewise, with exit status 1.
 */
export function closeOnSignal(log: Logger, limitMs: number, close: () => Promise<void>): void {
  let beganAt: number | undefined

  const end = async (status: number) => {
    beganAt = Date.now()
    setTimeout(() => {
      log.error({ limitMs }, 'ending took too long: this process stops at once')
      process.exit(1)
    }, limitMs).unref()
    try {
      await close()
      process.exit(status)
    } catch (error) {
      log.error({ err: error }, 'this process could not end in order')
      process.exit(1)
    }
  }

  const onSignal = (signal: NodeJS.Signals) => {
    if (beganAt === undefined) {
      log.info({ signal }, 'ending in order')
      void end(0)
    } else if (Date.now() - beganAt > sameWishMs) {
      log.warn({ signal }, 'asked a second time: this process stops at once')
      process.exit(1)
    }
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)

  const onError = (error: unknown) => {
    log.fatal({ err: error }, 'nothing caught this error: the process ends')
    if (beganAt === undefined) void end(1)
    else process.exit(1)
  }
  process.on('uncaughtException', onError)
  process.on('unhandledRejection', onError)
}
