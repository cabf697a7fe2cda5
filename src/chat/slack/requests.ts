import { z } from 'zod'
import { buttonOf, type Press } from './buttons.ts'

/** Somebody in Slack. Names are not believed: anybody may choose theirs. */
export interface SlackUser {
  id: string
  /** The workspace that they are of. */
  team: string | undefined
  /** The workspace that they asked in, and its organization. */
  askedIn: string | undefined
  enterprise: string | undefined
}

/** What somebody asks for, however it came. */
export interface SlackRequest {
  user: SlackUser
  what: { command: string; text: string } | { press: Press }
  /** Where the answer goes. */
  responseUrl: string
  /** The same if Slack sends it once more. */
  id: string
  /** The thread that it was asked in. */
  thread?: string
}

const id = z.string().regex(/^[A-Z0-9]{1,40}$/)
const text = z.string().max(20_000)

/** @see https://docs.slack.dev/interactivity/implementing-slash-commands */
const commandSchema = z.object({
  command: z.string().regex(/^\/\S{1,40}$/),
  text: text.default(''),
  user_id: id,
  team_id: id.optional(),
  enterprise_id: id.optional(),
  response_url: text,
  trigger_id: text.min(1),
})

/** @see https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const actionsSchema = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id, team_id: id.optional() }),
  team: z.object({ id }).nullish(),
  enterprise: z.object({ id }).nullish(),
  container: z.object({ thread_ts: text.optional() }).nullish(),
  actions: z.array(z.object({ action_id: text, value: text.optional() })).min(1),
  response_url: text,
  trigger_id: text.min(1),
})

/** A slash command, as a form's fields or as an envelope has it; undefined if it is none. Pure. */
export function readCommand(payload: unknown): SlackRequest | undefined {
  const { success, data } = commandSchema.safeParse(payload)
  if (!success) return undefined
  const { command, text, user_id, team_id, enterprise_id, response_url, trigger_id } = data
  return {
    user: { id: user_id, team: team_id, askedIn: team_id, enterprise: enterprise_id },
    what: { command, text },
    responseUrl: response_url,
    id: trigger_id,
  }
}

/** The press of a button of ours; undefined if it is something else. Pure. */
export function readPress(payload: unknown): SlackRequest | undefined {
  const { success, data } = actionsSchema.safeParse(payload)
  if (!success) return undefined
  const { user, team, enterprise, container, actions, response_url, trigger_id } = data
  const press = actions.map(({ action_id, value }) => buttonOf(action_id, value)).find((each) => each)
  if (press === undefined) return undefined
  const askedIn = team?.id
  return {
    user: { id: user.id, team: user.team_id ?? askedIn, askedIn, enterprise: enterprise?.id },
    what: { press },
    responseUrl: response_url,
    id: trigger_id,
    ...(container?.thread_ts === undefined ? {} : { thread: container.thread_ts }),
  }
}
