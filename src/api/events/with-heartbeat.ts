import { comment } from '../log/event-stream.ts'

/** A stream of events in which something is sent at least this often: a proxy would cut off one that is silent. */
export async function* withHeartbeat(events: AsyncIterable<string>, everyMs: number): AsyncGenerator<string> {
  const iterator = events[Symbol.asyncIterator]()
  try {
    for (;;) {
      let isThere = false
      let goOn = () => {}
      let timer: NodeJS.Timeout | undefined
      const next = iterator.next().finally(() => {
        isThere = true
        goOn()
      })
      // Whoever reads slowly may come for a failure later.
      next.catch(() => {})
      while (!isThere) {
        await new Promise<void>((resolve) => {
          goOn = resolve
          timer = setTimeout(resolve, everyMs)
        })
        clearTimeout(timer)
        if (!isThere) yield comment('still here')
      }
      const { done, value } = await next
      if (done) return
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}
