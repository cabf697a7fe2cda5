#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { check } from './check.ts'

/** The command `livraison`. */
const usage = `Usage: livraison check [FILE]

check   says what a configuration file means, or everything that is wrong with it.
        FILE: what CONFIG_FILE names, else livraison.yml. $\{NAME} in it is taken from the environment and .env.
`

const commands: Record<string, (args: string[]) => number> = { check }

const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (existsSync('.env')) process.loadEnvFile('.env')
if (command) {
  process.exitCode = command(args)
} else {
  const isAsked = ['help', '--help', '-h'].includes(name)
  const stream = isAsked ? process.stdout : process.stderr
  stream.write(usage)
  process.exitCode = isAsked ? 0 : 2
}
