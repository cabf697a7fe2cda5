import type { Worker } from 'bullmq'
import { openSlots, type Slots } from './slots.ts'

/** Takes jobs off the queue of this name. */
export type StartWorker = (queue: string, concurrency: number, slots?: Slots) => Worker

/** How many jobs of an unattended queue are looked at side by side: that is short. */
const caretakers = 5

/**
 * The queues of one kind that this process takes jobs from: all it may do, `concurrency` at a time of all of them together,
 * and those that nobody attends to, so that somebody says so.
 */
export interface QueueWorkers {
  /** From now on, these. */
  take(full: readonly string[], unattended: readonly string[]): void
  close(): Promise<void>
}

export function openQueueWorkers(start: StartWorker, concurrency: number): QueueWorkers {
  const full = new Map<string, Worker>()
  const caretaking = new Map<string, Worker>()
  const closing = new Set<Promise<void>>()
  const slots = openSlots(concurrency, (isFull) => {
    // One queue alone takes no more than its concurrency by itself.
    if (full.size < 2) return
    for (const worker of full.values()) void (isFull ? worker.pause(true) : worker.resume())
  })

  const begin = (workers: Map<string, Worker>, queue: string, worker: () => Worker) => {
    if (!workers.has(queue)) workers.set(queue, worker())
  }
  const endOthers = (workers: Map<string, Worker>, wanted: readonly string[]) => {
    for (const [queue, worker] of workers) {
      if (wanted.includes(queue)) continue
      workers.delete(queue)
      const closed = worker.close().finally(() => closing.delete(closed))
      closing.add(closed)
    }
  }
  return {
    take(wanted, unattended) {
      endOthers(full, wanted)
      endOthers(caretaking, unattended)
      for (const queue of wanted) begin(full, queue, () => start(queue, concurrency, slots))
      for (const queue of unattended) begin(caretaking, queue, () => start(queue, caretakers))
    },
    async close() {
      await Promise.all([...full.values(), ...caretaking.values()].map((worker) => worker.close()))
      await Promise.all(closing)
    },
  }
}
