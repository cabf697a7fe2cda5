import { z } from 'zod'
import { address, duration, headers, mapping, oneOf, text, yesOrNo } from './terms.ts'

/** `request:`: an HTTP call to something that deploys. */
export const requestSchema = mapping({
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
  callback: z
    .union(
      [
        yesOrNo,
        mapping({
          within: duration('1s').optional().meta({
            description:
              'How long it is waited for, once the call is answered. Default: until the timeout is over.',
          }),
        }),
      ],
      { error: 'true, false or a mapping' },
    )
    .optional()
    .meta({
      description:
        'What is called says how it went by a call to the address in {{callback_url}}. Default: false.',
    }),
  allow_private: yesOrNo.optional().meta({
    description: 'Whether addresses of private networks may be called. Default: false.',
  }),
})
