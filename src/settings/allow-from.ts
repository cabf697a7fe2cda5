import { z } from 'zod'
import { SettingsError } from './parse.ts'
import { isRange, listOf, notThis } from './values.ts'

/** From where webhooks are taken. */
export interface AllowFrom {
  /** GitHub's own addresses, which it publishes. */
  github: boolean
  /** Addresses, and ranges of them. */
  ranges: string[]
}

const shape = 'github, addresses, or ranges such as 192.0.2.0/24, separated by commas'

/** The variable that says from where webhooks are taken. */
export const allowFromVariables = {
  WEBHOOK_ALLOW_FROM: z
    .string()
    .transform(listOf)
    .refine((list) => list.length > 0 && list.every((each) => each === 'github' || isRange(each)), {
      error: notThis(shape),
    })
    .optional(),
}

type AllowFromVariables = z.output<z.ZodObject<typeof allowFromVariables>>

/**
 * From where webhooks are taken; undefined: from anywhere. Throws {@link SettingsError} where GitHub publishes no addresses: only
 * github.com has ones of its own for webhooks.
 *
 * @see https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-githubs-ip-addresses
 */
export function readAllowFrom(
  { WEBHOOK_ALLOW_FROM: list }: AllowFromVariables,
  githubApiUrl: string,
): AllowFrom | undefined {
  if (list === undefined) return undefined
  const github = list.includes('github')
  const { hostname } = new URL(githubApiUrl)
  if (github && hostname !== 'api.github.com') {
    throw new SettingsError(
      `These settings are missing or unusable:\n  WEBHOOK_ALLOW_FROM says github, which is github.com, but the API is at ${hostname}: name the addresses of that server`,
    )
  }
  return { github, ranges: list.filter((each) => each !== 'github') }
}
