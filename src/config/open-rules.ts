import { existsSync, type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { messageOf } from '../errors/errors.ts'
import type { Labels } from '../jobs/labels.ts'
import type { Logger } from '../log/log.ts'
import type { Environment } from '../settings/environment.ts'
import { ConfigError } from './problem.ts'
import { readConfig } from './read-config.ts'
import type { Rules, RulesInForce } from './rules.ts'
import { rulesWithoutFile } from './without-file.ts'

/** The rules in force, and the file behind them, which is read again when it changes. */
export interface OpenRules extends RulesInForce {
  /** Reads the file again now. One that cannot be used changes nothing; the log has what is wrong with it. */
  reload(): void
  /** Stops looking at the file. */
  close(): void
}

export interface OpenRulesOptions {
  /** Undefined: none is named, and there is no livraison.yml when the process starts. */
  file: string | undefined
  /** Where `${NAME}` in the file is taken from. */
  env: Environment
  /** How long the simulate executor works where there is no file. */
  simulatedWorkMs: number
  /** The labels of the worker that reads them; none unless given: the process does no work. */
  labels?: Labels | undefined
  log: Logger
}

/** The file that is read where none is named. */
const defaultFile = 'livraison.yml'

/** A change of a file comes as several events; what is read between them may be half of it. */
const settledMs = 200

/**
 * Reads the rules and keeps them up to date.
 *
 * @throws {ConfigError} if the file cannot be used the first time
 */
export function openRules({ file, env, simulatedWorkMs, labels, log }: OpenRulesOptions): OpenRules {
  // Where there is none yet, one that is put there later is taken as well.
  const place = file ?? defaultFile
  const atStart: Rules =
    file === undefined ? rulesWithoutFile(simulatedWorkMs) : readConfig(file, env, labels)
  let current = atStart
  if (file === undefined) {
    log.info(`there is no ${defaultFile}: merges of every repository are deployed to production, simulated`)
  } else {
    log.info({ file, rules: current.digest }, 'the configuration file is in force')
  }

  const reload = () => {
    if (file === undefined && current === atStart && !existsSync(place)) {
      return log.info(`there is no ${place} to be read`)
    }
    try {
      const read = readConfig(place, env, labels)
      if (read.digest === current.digest) {
        return log.info({ file: place }, 'the configuration file says the same as before')
      }
      current = read
      log.info({ file: place, rules: read.digest }, 'the configuration file has changed, and is in force')
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const problems = error.lines
      log.error(
        { file: place, problems, rules: current.digest },
        `the rules of before stay in force. ${error.message}`,
      )
    }
  }
  const stopWatching = watchFile(place, reload, log)
  return {
    get current() {
      return current
    },
    reload,
    close: stopWatching,
  }
}

/** Calls `onChange` once a change of the file has settled. Gives a function that ends it. */
function watchFile(file: string, onChange: () => void, log: Logger): () => void {
  let timer: NodeJS.Timeout | undefined
  const settle = () => {
    clearTimeout(timer)
    timer = setTimeout(onChange, settledMs).unref()
  }
  const giveUp = (error: unknown) =>
    log.warn({ file, reason: messageOf(error) }, 'changes of the configuration file are seen on SIGHUP only')
  let watcher: FSWatcher | undefined
  try {
    // The folder, since editors put a new file in the place of the old; Kubernetes replaces a link named ..data.
    watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(file) || name === '..data') settle()
    })
    watcher.on('error', giveUp)
  } catch (error) {
    giveUp(error)
  }
  return () => {
    clearTimeout(timer)
    watcher?.close()
  }
}
