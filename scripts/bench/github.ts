import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { benchFile, startListening } from './processes.ts'

/** A call that GitHub's stand-in got. */
export interface Call {
  /** Method and path, numbers left out. */
  what: string
  deployment: number
  /** The status that was written, or nothing. */
  state: string
  description: string
  /** When it came, in ms of the machine's clock, and how long the answer took there. */
  at: number
  tookMs: number
}

/** The stand-in for GitHub: a process of its own that answers at once. */
export interface Stub {
  url: string
  /** What was asked since the last reset, and over how many connections. */
  calls(): Promise<{ calls: Call[]; connections: number }>
  reset(): Promise<void>
  /** Resolves when so many deployments have a final status since the last reset. */
  finals(count: number, limitMs?: number): Promise<void>
}

const askAgainMs = 5

export async function startStub({ directory, undo }: Bench): Promise<Stub> {
  const running = await startListening({
    name: 'GitHub',
    file: benchFile('github-stub.mjs'),
    cwd: join(directory, 'github'),
    env: {},
    path: '/bench/finals',
    status: 200,
  })
  undo.push(running.stop)
  const url = `http://127.0.0.1:${running.port}`
  const ask = async (path: string, method = 'GET') => (await again(`${url}/bench/${path}`, method)).json()
  return {
    url,
    calls: async () => (await ask('calls')) as Awaited<ReturnType<Stub['calls']>>,
    reset: async () => void (await ask('reset', 'POST')),
    async finals(count, limitMs = 120_000) {
      const limit = AbortSignal.timeout(limitMs)
      for (;;) {
        const { finals } = (await ask('finals')) as { finals: number }
        if (finals >= count) return
        if (limit.aborted) throw new Error(`Only ${finals} of ${count} deployments ended in time.`)
        await sleep(askAgainMs)
      }
    },
  }
}

/** Whatever it is asked may be asked twice: on a busy machine a kept-alive connection may end just then. */
async function again(url: string, method: string): Promise<Response> {
  try {
    return await fetch(url, { method })
  } catch {
    return fetch(url, { method })
  }
}
