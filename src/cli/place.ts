import type { Client } from './client.ts'
import { exitStatus, Stop } from './exit-status.ts'
import { repositoryHere } from './git-origin.ts'

/** What was typed before the options are looked at: left out arguments are undefined. */
export type Words = (string | undefined)[]

/** `--repository`, which leaves no doubt about what the other words are. */
export interface PlaceOptions {
  repository?: string
}

export interface Split {
  /** `owner/name`; undefined where none is named and the current folder is no checkout. */
  repository: string | undefined
  /** What was typed besides. */
  rest: string[]
}

/** Takes the repository off the words: the option's, else the first word that can be one, else that of the current folder. */
export async function splitWords(
  client: Pick<Client, 'githubServerUrl'>,
  words: Words,
  options: PlaceOptions = {},
): Promise<Split> {
  const typed = words.filter((word) => word !== undefined)
  if (options.repository !== undefined) return { repository: readName(options.repository), rest: typed }
  const [first, ...rest] = typed
  if (first !== undefined && isRepository(first)) return { repository: first, rest }
  return { repository: await repositoryHere(client.githubServerUrl), rest: typed }
}

/** As {@link splitWords}. @throws {Stop} if there is no repository */
export async function splitOf(
  client: Pick<Client, 'githubServerUrl'>,
  words: Words,
  options: PlaceOptions = {},
): Promise<Split & { repository: string }> {
  const { repository, rest } = await splitWords(client, words, options)
  if (repository !== undefined) return { repository, rest }
  throw new Stop(
    exitStatus.askedWrongly,
    'Name the repository, as in acme/shop: the current folder is no checkout of one at GitHub.',
  )
}

/** Whether a word can be an `owner/name`. Pure. */
export function isRepository(word: string): boolean {
  return /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(word)
}

function readName(text: string): string {
  if (isRepository(text)) return text
  throw new Stop(exitStatus.askedWrongly, `"${text}" is no repository: write it as in acme/shop.`)
}
