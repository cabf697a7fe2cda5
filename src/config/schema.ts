import { z } from 'zod'
import { readDuration } from './duration.ts'

/*
 * The grammar of livraison.yml. An error says what a value must be, as a noun ("a list"); what was found instead is
 * added by whoever knows the text as it was written (describe-issue.ts). What an environment asks for as a whole is in
 * check-meaning.ts; what this version does not do yet in not-yet.ts.
 */

/** A mapping of these keys and no others. The error about a key that is not among them lists those that are. */
function mapping<T extends z.core.$ZodShape>(shape: T) {
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : 'a mapping'),
  })
}

const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'a list' })

const text = z.string({ error: 'text' }).min(1, { error: 'text' })

const oneOf = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, { error: `one of ${words.join(', ')}` })

const yesOrNo = z.boolean({ error: 'true or false' })

const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const variableName = /^[A-Za-z_]\w*$/

const texts = (what: string, name: RegExp, value: (text: string) => boolean) =>
  z
    .record(z.string(), z.string({ error: 'text; write it in quotes' }).refine(value, { error: what }), {
      error: what,
    })
    .refine((all) => Object.keys(all).every((each) => name.test(each)), { error: what })

const variables = texts('a mapping of environment variables', variableName, (value) => !value.includes('\0'))
const headers = texts('a mapping of HTTP headers', headerName, (value) => !/[\r\n\0]/.test(value))

/** Timers count no further than 24 days. */
const longest = '168h'

function duration(shortest: string) {
  const what = `a duration from ${shortest} to ${longest}, such as 30s, 15m or 2h`
  const [least = 0, most = 0] = [shortest, longest].map((each) => readDuration(each) ?? 0)
  const isGood = (ms: number) => ms >= least && ms <= most
  return z
    .string({ error: what })
    .refine((value) => isGood(readDuration(value) ?? Number.NaN), { error: what })
    .transform((value) => readDuration(value) ?? 0)
}

const address = z
  .string({ error: 'an address that begins with https:// or http://' })
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    error: 'an address that begins with https:// or http://',
  })

const notYet = { description: 'Not supported by this version yet.' }

const request = mapping({
  url: address.meta({ description: 'What is called.' }),
  method: oneOf('POST', 'PUT', 'PATCH', 'GET', 'DELETE').optional().meta({ description: 'Default: POST.' }),
  headers: headers.optional(),
  body: z.unknown().optional().meta({
    description:
      'Sent as JSON; {{sha}} and the like stand for facts of the deployment. Default: all of the facts.',
  }),
  poll: mapping({
    url: text.meta({ description: 'Where the outcome is asked for afterwards.' }),
    every: duration('1s').optional().meta({ description: 'Default: 5s.' }),
    success: text.meta({ description: 'What the answer says once the deployment has succeeded.' }),
    failure: text.meta({ description: 'What the answer says once the deployment has failed.' }),
  }).optional(),
  allow_private: yesOrNo.optional().meta({
    description: 'Whether addresses of private networks may be called. Default: false.',
  }),
})

const environment = mapping({
  on: oneOf('merge', 'push', 'promotion', 'manual').optional().meta({
    description:
      'What deploys here: a merge into the deployed branch, a push to it, the success of the environment named by `after`, or only a deployment that somebody creates. Default: promotion with `after`, else merge.',
  }),
  after: text.optional().meta({
    description: 'The environment whose success makes the next deployment here, of the same sha.',
  }),
  simulate: duration('0s').optional().meta({ description: 'Works for so long and does nothing.' }),
  run: text.optional().meta({ description: 'A command that is run in a fresh checkout of the sha.' }),
  env: variables.optional().meta({ description: 'Environment variables of the command.' }),
  inactivity: duration('1s').optional().meta({
    description: 'The command is stopped when it has said nothing for so long. Default: no limit.',
  }),
  request: request.optional().meta({ description: 'An HTTP call to something that deploys.' }),
  use: text.optional().meta({
    description: 'A module of your own that deploys; a path from the place of this file.',
  }),
  with: z.record(z.string(), z.unknown(), { error: 'a mapping' }).optional().meta({
    description: 'What the module is given.',
  }),
  timeout: duration('1s').optional().meta({
    description: 'How long a deployment may take. Default: 30m for run and use, 10m for request.',
  }),
  url: address.optional().meta({ description: 'Where the environment can be seen; GitHub links to it.' }),
  lane: oneOf('supersede', 'queue').optional().meta({
    description:
      'What becomes of deployments that wait for another to end: the newest replaces the others, or each has its turn. Default: supersede.',
  }),
  on_worker_loss: oneOf('rerun', 'fail').optional().meta({
    description:
      'What is done with a deployment whose worker was lost. Default: fail for run and use, rerun for simulate and request.',
  }),
  wait: duration('1s').optional().meta(notYet),
  approvals: mapping({
    required: z.int({ error: 'a whole number' }).optional(),
    from: list(text).optional(),
  })
    .optional()
    .meta(notYet),
  windows: list(mapping({ days: text, from: text, to: text, zone: text.optional() }))
    .optional()
    .meta(notYet),
  verify: mapping({ url: address, for: duration('1s').optional() })
    .optional()
    .meta(notYet),
  rollback: oneOf('automatic', 'manual').optional().meta(notYet),
})

const check = mapping({
  context: text.meta({ description: 'The name of the commit status.' }),
  run: text,
  env: variables.optional(),
  timeout: duration('1s').optional().meta({ description: 'Default: 15m.' }),
  forks: yesOrNo
    .optional()
    .meta({ description: 'Whether pull requests from forks are checked. Default: false.' }),
})

const repository = mapping({
  branch: text.optional().meta({
    description: "The deployed branch. Default: the repository's default branch.",
  }),
  gate: mapping({
    required: list(text).optional().meta({
      description: 'Statuses and checks that a commit must have, green, before it is deployed.',
    }),
    limit: duration('1s').optional().meta({ description: 'How long they are waited for. Default: 1h.' }),
  })
    .optional()
    .meta({ description: 'Nothing is deployed before all checks of its commit are green.' }),
  environments: z.record(z.string(), environment, { error: 'a mapping of environments' }).optional(),
  checks: list(check).optional().meta(notYet),
  merge: mapping({
    when: oneOf('green').optional(),
    label: text.optional(),
    method: oneOf('merge', 'squash', 'rebase').optional(),
  })
    .optional()
    .meta(notYet),
  notify: list(
    mapping({
      slack: address.optional(),
      hubot: mapping({ url: address, room: text }).optional(),
      on: list(
        oneOf('pending', 'queued', 'in_progress', 'success', 'failure', 'error', 'inactive'),
      ).optional(),
    }),
  )
    .optional()
    .meta(notYet),
})

/** The whole file. */
export const configSchema = mapping({
  repositories: z.record(z.string(), repository, { error: 'a mapping of repositories' }).meta({
    description: 'By OWNER/NAME, where * and ? may stand for letters; the most exact name wins.',
  }),
})

/** The file as it is written, with durations in milliseconds. */
export type ConfigFile = z.output<typeof configSchema>
export type RepositoryEntry = z.output<typeof repository>
export type EnvironmentEntry = z.output<typeof environment>
export type CheckEntry = z.output<typeof check>
