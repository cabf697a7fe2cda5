import { openMask } from './mask.ts'

/** Takes secrets out of texts that leave this process: its log, its traces. */
export interface Hiding {
  text(text: string): string
  /** These are secrets, too: what gives them is asked each time, and is to give the same list while nothing has changed. */
  also(secrets: () => readonly string[]): void
}

/**
 * What is secret whoever's it is: a user and password in an address, what follows `Bearer`, and tokens that say of themselves what
 * they are.
 *
 * @see https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */
const recognised =
  /(?<=:\/\/)[^\s/@"'\\]*:[^\s/@"'\\]*(?=@)|(?<=\b(?:Bearer|Basic) )[\w.~+/=-]{8,}|\b(?:gh[a-z]_\w{20,}|github_pat_\w{20,}|xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,})/gi

/** Whether a text may hold any of them: most hold none, and this is soon seen. */
const suspicious = /:\/\/[^\s/]*@|Bearer |Basic |gh[a-z]_|github_pat_|xox[a-z]-|xapp-/i

/** Hides these secrets, and whatever looks like one. */
export function openHiding(secrets: readonly string[]): Hiding {
  const sources: (() => readonly string[])[] = [() => secrets]
  let known: (readonly string[])[] = []
  let mask = openMask([])
  const refresh = () => {
    const now = sources.map((source) => source())
    if (now.length === known.length && now.every((list, index) => list === known[index])) return
    known = now
    mask = openMask(now.flat())
  }
  return {
    text(text) {
      refresh()
      const masked = mask(text)
      return suspicious.test(masked) ? masked.replace(recognised, '***') : masked
    },
    also: (source) => void sources.push(source),
  }
}
