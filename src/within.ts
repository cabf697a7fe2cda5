/** Too much time went by; what was begun may still happen. */
export class Overdue extends Error {
  override name = 'Overdue'
}

/** The promise's own outcome if it comes within `limitMs`, else {@link Overdue} with the message. */
export async function within<T>(limitMs: number, promise: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Overdue(message)), limitMs)
  })
  try {
    return await Promise.race([promise, overdue])
  } finally {
    clearTimeout(timer)
  }
}
