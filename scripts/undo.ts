export interface Undo {
  /** Says how something that was just acquired is given back; at once, if all the rest has been already. */
  push(release: () => unknown): void
  /** Gives everything back, the last first, whether or not single steps fail. */
  all(): Promise<void>
}

/** Remembers what was acquired, so that all of it is given back however far we came. */
export function createUndo(): Undo {
  const releases: (() => unknown)[] = []
  let isOver = false
  const giveBack = (release: () => unknown): Promise<unknown> =>
    Promise.resolve()
      .then(release)
      .catch((error: Error) => console.error(error.message))
  return {
    push(release) {
      if (isOver) void giveBack(release)
      else releases.push(release)
    },
    async all() {
      isOver = true
      for (let release = releases.pop(); release; release = releases.pop()) await giveBack(release)
    },
  }
}
