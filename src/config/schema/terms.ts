import { z } from 'zod'
import { isLabel, labelForm } from '../../jobs/labels.ts'
import { readDuration } from '../duration.ts'

/*
 * The words that the grammar of livraison.yml is written in. An error says what a value must be, as a noun ("a list"); what
 * was found instead is added by whoever knows the text as it was written (describe-issue.ts). What the parts ask for as a
 * whole is in check-meaning.ts.
 */

/** A mapping of these keys and no others. The error about a key that is not among them lists those that are. */
export function mapping<T extends z.core.$ZodShape>(shape: T) {
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : 'a mapping'),
  })
}

export const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'a list' })

export const text = z.string({ error: 'text' }).min(1, { error: 'text' })

export const oneOf = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, { error: `one of ${words.join(', ')}` })

export const yesOrNo = z.boolean({ error: 'true or false' })

const globsWords = 'a pattern or a list of patterns'
const glob = z.string({ error: globsWords }).refine((value) => /^!?[^!]/.test(value), { error: 'a pattern' })

/** A glob (match-globs.ts), or several. */
export const globs = z.union([glob, z.array(glob).min(1, { error: globsWords })], { error: globsWords })

const labelsWords = `a label or a list of ${labelForm}`
const label = z.string({ error: labelsWords }).refine(isLabel, { error: labelsWords })

/** The labels that a worker must have. */
export const runsOn = z.union(
  [label, z.array(label).min(1, { error: labelsWords }).max(10, { error: labelsWords })],
  {
    error: labelsWords,
  },
)

const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const variableName = /^[A-Za-z_]\w*$/

const texts = (what: string, name: RegExp, value: (text: string) => boolean) =>
  z
    .record(z.string(), z.string({ error: 'text; write it in quotes' }).refine(value, { error: what }), {
      error: what,
    })
    .refine((all) => Object.keys(all).every((each) => name.test(each)), { error: what })

export const variables = texts(
  'a mapping of environment variables',
  variableName,
  (value) => !value.includes('\0'),
)
export const headers = texts('a mapping of HTTP headers', headerName, (value) => !/[\r\n\0]/.test(value))

/** Timers count no further than 24 days. */
const longestTimer = '168h'

/** A duration of at least `shortest`, in milliseconds once it is read. What no timer counts may be longer. */
export function duration(shortest: string, longest = longestTimer) {
  const what = `a duration from ${shortest} to ${longest}, such as 30s, 15m or 2h`
  const [least = 0, most = 0] = [shortest, longest].map((each) => readDuration(each) ?? 0)
  const isGood = (ms: number) => ms >= least && ms <= most
  return z
    .string({ error: what })
    .refine((value) => isGood(readDuration(value) ?? Number.NaN), { error: what })
    .transform((value) => readDuration(value) ?? 0)
}

/** An HTTP address. */
export const address = z
  .string({ error: 'an address that begins with https:// or http://' })
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    error: 'an address that begins with https:// or http://',
  })
