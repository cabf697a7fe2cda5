import { z } from 'zod'
import { address, duration, mapping } from './terms.ts'

const codes = 'a status code from 200 to 599, or a list of them'

const code = z.int({ error: codes }).min(200, { error: codes }).max(599, { error: codes })

/** `verify:`: whether what was deployed works, asked over HTTP. */
export const verifySchema = mapping({
  url: address.meta({
    description: 'What is asked, with GET. It may be on a private network. Redirects are not followed.',
  }),
  within: duration('1s').optional().meta({
    description: 'How long it may take until it answers as expected for the first time. Default: 1m.',
  }),
  for: duration('1s').optional().meta({
    description:
      'How long it must go on answering so. Three bad answers in a row are a failure. Default: 30s.',
  }),
  every: duration('1s').optional().meta({
    description: 'How long after an answer it is asked again. Default: 5s, or `within` if that is shorter.',
  }),
  timeout: duration('1s').optional().meta({ description: 'How long an answer may take. Default: 5s.' }),
  expect: z
    .union([code, z.array(code).min(1)], { error: codes })
    .optional()
    .meta({ description: 'The status code, or codes, of a good answer. Default: any of 200 to 299.' }),
})

export type VerifyEntry = z.output<typeof verifySchema>
