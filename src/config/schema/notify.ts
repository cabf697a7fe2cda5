import { z } from 'zod'
import { type NoticeState, noticeStates } from '../../notices/notice.ts'
import { address, globs, list, mapping, oneOf, text, yesOrNo } from './terms.ts'

const term = (what: string, shape: RegExp) =>
  z.string({ error: what }).refine((value) => shape.test(value), { error: what })

const mailServer = z
  .string({ error: 'an address that begins with smtp:// or smtps://' })
  .refine((value) => URL.canParse(value) && /^smtps?:$/.test(new URL(value).protocol), {
    error: 'an address that begins with smtp:// or smtps://',
  })

/** A mailbox, with a name before it or not. Line breaks would begin another header. */
const mailbox = term(
  'an e-mail address, such as ops@example.com or "Livraison <deploy@example.com>"',
  /^(?:[^\s<>@,;"]+@[^\s<>@,;"]+|[^<>\p{Cc}]*<[^\s<>@,;"]+@[^\s<>@,;"]+>)$/u,
)

const mailboxes = 'an e-mail address, or a list of them'

const slackWords = 'the address of an incoming webhook, or a mapping with token and channel'
const slack = z
  .union(
    [
      address,
      mapping({
        token: text.meta({ description: 'The token of a bot (xoxb-...), which may write to the channel.' }),
        channel: text.meta({ description: "The channel's id, such as C0123456789." }),
        buttons: yesOrNo.optional().meta({
          description:
            'Whether deployments can be approved, cancelled and rolled back there (docs/slack.md). Default: false.',
        }),
        api_url: address.optional().meta({ description: "Default: Slack's own." }),
      }),
    ],
    { error: slackWords },
  )
  .meta({
    description:
      'The address of an incoming webhook, or a bot, which has one thread for each deployment and keeps it up to date.',
  })

const webhook = mapping({
  url: address.meta({ description: 'Gets each notice as JSON, by POST.' }),
  secret: text.optional().meta({ description: 'Each notice is signed with it.' }),
  allow_private: yesOrNo.optional().meta({
    description: 'Whether addresses of private networks may be called. Default: false.',
  }),
})

const email = mapping({
  server: mailServer.meta({ description: 'smtps://user:password@mail.example.com and the like.' }),
  from: mailbox,
  to: z.union([mailbox, z.array(mailbox).min(1, { error: mailboxes })], { error: mailboxes }),
})

const hubot = mapping({
  url: address.meta({ description: 'Where Hubot listens, with the script in integrations/hubot/.' }),
  secret: text.meta({ description: 'Each notice is signed with it; Hubot has the same.' }),
  room: text.meta({ description: 'The room that is told.' }),
  rooms: globs.optional().meta({
    description:
      'What was asked for in one of these rooms is told there instead: patterns, as in `environments`. Default: none.',
  }),
})

const state = oneOf(...noticeStates)
const texts = mapping(
  Object.fromEntries(noticeStates.map((each) => [each, text.optional()])) as Record<
    NoticeState,
    z.ZodOptional<typeof text>
  >,
)

const whole = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`
  return z.int({ error }).min(least, { error }).max(most, { error })
}

/** `notify:`: who is told of what happens. */
export const notifySchema = list(
  mapping({
    slack: slack.optional(),
    discord: address.optional().meta({ description: 'The address of a webhook of a Discord channel.' }),
    teams: address.optional().meta({
      description: 'The address that a Teams workflow ("When a Teams webhook request is received") gave.',
    }),
    webhook: webhook.optional().meta({ description: 'Anything else that takes JSON (docs/notices.md).' }),
    email: email.optional(),
    hubot: hubot.optional(),
    on: list(state).min(1, { error: 'a list of at least one' }).optional().meta({
      description:
        'What is told. Default: in_progress, success, failure, error, skipped; for a Slack bot, all.',
    }),
    environments: globs.optional().meta({
      description:
        'Of which environments: a pattern or a list of them, in which * stands for letters except /, ** for all letters, ? for one; one that begins with ! excludes. Default: all.',
    }),
    texts: texts.optional().meta({
      description: 'Texts of your own, as Liquid templates (docs/notice-texts.md), by what is told.',
    }),
    commits: whole(0, 50).optional().meta({
      description: 'How many commits of what changed are listed. Default: 5.',
    }),
    per_minute: whole(1, 1000).optional().meta({
      description: 'How many notices it takes in a minute; others wait. Default: 30.',
    }),
  }),
)

export type NotifyEntry = z.output<typeof notifySchema>[number]
