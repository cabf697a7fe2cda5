/** Something that is opened when it is first asked for, and closed if it was. */
export interface WhenNeeded<T> {
  get(): Promise<T>
  close(): Promise<void>
}

/** Opens something once, when it is needed. If that fails, the next who needs it tries again. */
export function openWhenNeeded<T extends { close(): Promise<void> }>(open: () => Promise<T>): WhenNeeded<T> {
  let opened: Promise<T> | undefined
  return {
    get() {
      opened ??= open().catch((error: unknown) => {
        opened = undefined
        throw error
      })
      return opened
    },
    async close() {
      await (await opened)?.close()
    },
  }
}
