import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { AppCredentials } from '../github/app/credentials.ts'
import { SettingsError } from './parse.ts'

/** The variables of a GitHub App. */
export const githubAppVariables = {
  GITHUB_APP_ID: z
    .string()
    .trim()
    .refine((value) => /^[1-9]\d{0,15}$/.test(value), {
      error: "must be the App's id, a number: its settings at GitHub show it as App ID",
    })
    .optional(),
  GITHUB_APP_PRIVATE_KEY: z.string().optional(),
  GITHUB_APP_PRIVATE_KEY_FILE: z.string().trim().optional(),
}

type GithubAppVariables = z.output<z.ZodObject<typeof githubAppVariables>>

const keyNames = 'GITHUB_APP_PRIVATE_KEY or GITHUB_APP_PRIVATE_KEY_FILE'

/** The App that is signed in with; undefined: none. What is wrong with a key is said without showing any of it. */
export function readGithubApp(read: GithubAppVariables): AppCredentials | undefined {
  const { GITHUB_APP_ID: id, GITHUB_APP_PRIVATE_KEY: text, GITHUB_APP_PRIVATE_KEY_FILE: file } = read
  if (id === undefined && text === undefined && file === undefined) return undefined
  if (id === undefined) throw unusable(`GITHUB_APP_ID is not set, but a private key of an App is: set both`)
  if (text !== undefined && file !== undefined) {
    throw unusable(`GITHUB_APP_PRIVATE_KEY and GITHUB_APP_PRIVATE_KEY_FILE are both set: unset one of them`)
  }
  if (file !== undefined) {
    return { id: Number(id), privateKey: keyIn(readKeyFile(file), 'GITHUB_APP_PRIVATE_KEY_FILE') }
  }
  if (text === undefined) throw unusable(`${keyNames} is not set, but GITHUB_APP_ID is: set both`)
  return { id: Number(id), privateKey: keyIn(text, 'GITHUB_APP_PRIVATE_KEY') }
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const why = { ENOENT: 'there is no such file', EACCES: 'this process may not read it' }[code] ?? code
    throw unusable(`GITHUB_APP_PRIVATE_KEY_FILE names ${JSON.stringify(file)}, and ${why}`)
  }
}

/** A key as PEM, whether it came so, with its line ends written as \n, or as base64 of it. */
function keyIn(text: string, name: string): string {
  const trimmed = text.trim().replace(/^(["'])([\s\S]*)\1$/, '$2')
  const pem = trimmed.includes('-----BEGIN')
    ? trimmed.replace(/\\r?\\n|\\n/g, '\n').replace(/\r\n?/g, '\n')
    : Buffer.from(trimmed, 'base64').toString()
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return pem
  } catch {
    // What OpenSSL says of it may quote it.
  }
  throw unusable(`${name} holds no RSA private key in PEM or base64 of it: GitHub gives one as a .pem file`)
}

function unusable(problem: string): SettingsError {
  return new SettingsError(`These settings are missing or unusable:\n  ${problem}`)
}
