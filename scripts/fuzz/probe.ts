// Loaded into the receiver beside its own code: says, over IPC, how it is, so that the fuzz can judge it from within.
import { subscribe } from 'node:diagnostics_channel'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** A time in which the event loop did nothing else. */
export interface Block {
  /** Milliseconds since 1970, at its end. */
  at: number
  ms: number
}

/** How a process is, after it has collected its garbage. */
export interface State {
  /** Of JavaScript's heap and of what is beside it: buffers. */
  heapBytes: number
  rssBytes: number
  /** Undefined where the system does not tell. */
  files: number | undefined
  /** The longest times, the longest first. */
  blocks: Block[]
}

export interface ProbedRoute {
  method: string
  url: string
}

export type Question = 'routes' | 'state'
export type Reply = { routes: ProbedRoute[] } | { state: State }

const tickMs = 20
const blocksKept = 10

let app: FastifyInstance | undefined
const blocks: Block[] = []

// https://fastify.dev/docs/latest/Reference/Hooks/#diagnostics-channel-hooks
subscribe('fastify.initialization', (message) => {
  app = (message as { fastify: FastifyInstance }).fastify
})

if (process.send) {
  watchLoop()
  process.on('message', (question: Question) => {
    void answer(question).then((reply) => process.send?.(reply))
  })
  // The receiver ends when it wants to.
  process.channel?.unref()
}

/**
 * Notes how long the loop was held up, as far as this process used a processor meanwhile: that others had it is no fault of ours.
 */
function watchLoop(): void {
  let at = performance.now()
  let used = process.cpuUsage()
  setInterval(() => {
    const now = performance.now()
    const { user, system } = process.cpuUsage(used)
    const ms = Math.min(now - at - tickMs, (user + system) / 1000)
    at = now
    used = process.cpuUsage()
    if (ms < tickMs) return
    blocks.push({ at: Date.now(), ms: Math.round(ms) })
    blocks.sort((a, b) => b.ms - a.ms)
    blocks.length = Math.min(blocks.length, blocksKept)
  }, tickMs).unref()
}

async function answer(question: Question): Promise<Reply> {
  if (question === 'routes') return { routes: app?.routeAccess() ?? [] }
  const found = [...blocks]
  await collect()
  const { heapUsed, external, rss } = process.memoryUsage()
  // The collecting itself held it up.
  blocks.splice(0, blocks.length, ...found)
  return { state: { heapBytes: heapUsed + external, rssBytes: rss, files: openFiles(), blocks: found } }
}

/** What is freed by one collection lets go of more. */
async function collect(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    await sleep(50)
  }
}

function openFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return undefined
  }
}
