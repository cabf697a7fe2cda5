import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** Variables by their names. */
export type Environment = Record<string, string | undefined>

/** The variables of the file .env, if there is one. */
export function readDotEnv(): Environment {
  return existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
}

/** Takes what is in the file .env, if there is one, into this process's environment; what is set there stays. */
export function loadDotEnv(): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}

/** All variables of this process: the configuration file takes values from them by name. */
export function processEnvironment(): Environment {
  return process.env
}

/** An empty value is how Docker Compose and shells say "not set". */
export function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
}
