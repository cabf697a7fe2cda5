import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { messageOf } from '../../src/errors/errors.ts'
import { limitTime } from '../time-limit.ts'
import type { Executor, Outcome } from './executor.ts'

export interface ModuleRules {
  /** An ES module, relative to the configuration file. */
  path: string
  /** What its factory is given. */
  options: Record<string, unknown>
  timeoutMs: number
}

/** A module that does not stop when it is asked to is waited for so long. */
const usualGraceMs = 10_000

/**
 * Loads an operator's own executor: the module's default export is a function that takes the options and gives an
 * executor, or a promise of one.
 *
 * @param configFile the configuration file, beside which the path begins
 * @throws {Error} that says in words what is wrong with the module
 */
export async function loadModule(
  { path, options, timeoutMs }: ModuleRules,
  configFile: string,
  graceMs = usualGraceMs,
): Promise<Executor> {
  const file = resolve(dirname(configFile), path)
  if (!(await isFile(file))) throw new Error(`use: ${path} is no file beside the configuration file.`)
  const create = await importDefault(path, file)
  if (typeof create !== 'function') {
    throw new Error(`use: ${path} has no default export that is a function of its options.`)
  }
  const executor: unknown = await attempt(`use: ${path} refused its options`, () => create(options))
  if (typeof executor !== 'function') {
    throw new Error(`use: the default export of ${path} gave ${nameOf(executor)}, not an executor function.`)
  }
  return guard(path, executor as Executor, timeoutMs, graceMs)
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

async function importDefault(path: string, file: string): Promise<unknown> {
  const module = await attempt(`use: ${path} could not be loaded`, () => import(pathToFileURL(file).href))
  return (module as { default?: unknown }).default
}

async function attempt<T>(what: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw new Error(`${what}: ${messageOf(error)}`, { cause: error })
  }
}

/** Holds a module to its time and to the shape of an outcome. */
function guard(path: string, executor: Executor, timeoutMs: number, graceMs: number): Executor {
  return async (run) => {
    const limit = limitTime(run.signal, timeoutMs)
    const { signal } = limit
    const over = new AbortController()
    const deaf = waitBeyond(signal, graceMs, over.signal)
    try {
      const outcome = await Promise.race([executor({ ...run, signal }), deaf])
      // A run that was stopped, and says how it ended all the same, has ended.
      if (outcome !== undefined || !signal.aborted) return checkOutcome(path, outcome)
      run.log(`${path} was told to stop and has not: what it does may go on.`)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      limit.stop()
      over.abort()
    }
    if (run.signal.aborted) throw run.signal.reason
    return { state: 'failure', description: `It did not end within ${Math.ceil(timeoutMs / 1000)} s.` }
  }
}

/** Resolves a while after the signal is aborted; never, if it is over before. */
async function waitBeyond(signal: AbortSignal, graceMs: number, over: AbortSignal): Promise<undefined> {
  const never = new Promise<never>(() => {})
  if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }))
  return sleep(graceMs, undefined, { signal: over }).catch(() => never)
}

function checkOutcome(path: string, outcome: unknown): Outcome {
  if (typeof outcome === 'object' && outcome !== null) {
    const { state, description } = outcome as Partial<Outcome>
    if ((state === 'success' || state === 'failure') && typeof description === 'string') {
      return { state, description }
    }
  }
  throw new Error(
    `${path} did not say how it ended: an executor gives { state: 'success' | 'failure', description }, this one ${nameOf(outcome)}.`,
  )
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object' ? 'another object' : `a ${typeof value}`
}
