import { z } from 'zod'

const delivery = z.string().meta({ description: "GitHub's GUID of the delivery" })
const jobs = z.array(z.object({ name: z.string(), id: z.string() }))

/** What the document says of the webhook. Nothing is checked with it: what a delivery must have, its event checks. */
export const webhookSchema = {
  operationId: 'takeDelivery',
  tags: ['machines'],
  summary: "Takes a webhook of GitHub's",
  description:
    'The signature is over the raw body, and nothing is read before it is checked. A form has the JSON in its field `payload`.',
  consumes: ['application/json', 'application/x-www-form-urlencoded'],
  refusals: [401, 403, 413, 415, 429, 503],
  documented: {
    headers: z.object({
      'X-GitHub-Event': z.string().meta({ examples: ['pull_request'] }),
      'X-GitHub-Delivery': delivery,
      'X-Hub-Signature-256': z.string().meta({ description: '`sha256=` and the HMAC of the body, in hex' }),
    }),
    body: z.looseObject({}).meta({ description: "The event's payload" }),
    response: {
      200: z.union([
        z.object({ outcome: z.literal('pong'), delivery }),
        z.object({ outcome: z.literal('ignored'), delivery, reason: z.string() }),
        z.object({ outcome: z.literal('duplicate'), delivery, jobs }),
      ]),
      202: z.object({ outcome: z.literal('queued'), delivery, jobs }),
    },
  },
}
