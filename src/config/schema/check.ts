import type { z } from 'zod'
import { duration, mapping, runsOn, text, variables, yesOrNo } from './terms.ts'

/** One of `checks:`: a command that is run on pull requests. */
export const checkSchema = mapping({
  context: text.meta({ description: 'The name of the commit status.' }),
  run: text.meta({ description: 'A command that is run in a fresh checkout of the head.' }),
  env: variables.optional(),
  timeout: duration('1s').optional().meta({ description: 'Default: 15m.' }),
  runs_on: runsOn.optional().meta({
    description: 'The label, or labels, that a worker must have (WORKER_LABELS) to run it. Default: default.',
  }),
  forks: yesOrNo.optional().meta({
    description:
      'Whether pull requests from forks are checked: then anybody who can open one runs code here. Default: false.',
  }),
})

export type CheckEntry = z.output<typeof checkSchema>
