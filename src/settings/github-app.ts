import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { AppCredentials } from '../github/credentials.ts'
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
  GITHUB_APP_PRIVATE_KEY: z.string().transform(toKey).optional(),
  GITHUB_APP_PRIVATE_KEY_FILE: z.string().trim().transform(readKeyFile).optional(),
}

type GithubAppVariables = z.output<z.ZodObject<typeof githubAppVariables>>

const keyNames = 'GITHUB_APP_PRIVATE_KEY or GITHUB_APP_PRIVATE_KEY_FILE'

/** The App that is signed in with; undefined: none. */
export function readGithubApp(read: GithubAppVariables): AppCredentials | undefined {
  const { GITHUB_APP_ID: id, GITHUB_APP_PRIVATE_KEY: given, GITHUB_APP_PRIVATE_KEY_FILE: inFile } = read
  const privateKey = given ?? inFile
  if (id === undefined && privateKey === undefined) return undefined
  if (id === undefined) throw unusable('GITHUB_APP_ID is not set, but a private key of an App is: set both')
  if (privateKey === undefined) throw unusable(`${keyNames} is not set, but GITHUB_APP_ID is: set both`)
  if (given !== undefined && inFile !== undefined) {
    throw unusable('GITHUB_APP_PRIVATE_KEY and GITHUB_APP_PRIVATE_KEY_FILE are both set: unset one of them')
  }
  return { id: Number(id), privateKey }
}

function readKeyFile(file: string, context: z.RefinementCtx): string {
  try {
    return toKey(readFileSync(file, 'utf8'), context)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const why = { ENOENT: 'there is no such file', EACCES: 'this process may not read it' }[code] ?? code
    context.addIssue({ code: 'custom', message: `names ${JSON.stringify(file)}, and ${why}` })
    return z.NEVER
  }
}

/**
 * A key as PEM, whether it came so, with its line ends written as \n, or as base64 of it. What is wrong with one is said without
 * showing any of it.
 */
function toKey(text: string, context: z.RefinementCtx): string {
  const trimmed = text.trim().replace(/^(["'])([\s\S]*)\1$/, '$2')
  const pem = trimmed.includes('-----BEGIN')
    ? trimmed.replace(/\\r?\\n|\\n/g, '\n').replace(/\r\n?/g, '\n')
    : Buffer.from(trimmed, 'base64').toString()
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return pem
  } catch {
    // What OpenSSL says of it may quote it.
  }
  const message = 'holds no RSA private key in PEM or base64 of it: GitHub gives one as a .pem file'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}

function unusable(problem: string): SettingsError {
  return new SettingsError(`These settings are missing or unusable:\n  ${problem}`)
}
