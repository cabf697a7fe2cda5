import type { ChannelTarget } from '../../src/config/rules.ts'
import { fitMessage } from './fit.ts'
import { ChannelTrouble, NoticeRefused, type Notifier, type NotifierTools } from './notifier.ts'
import { type ChannelAnswer, postJson } from './post-json.ts'
import { adaptiveCard } from './teams/card.ts'

// A message may have 28 KB; the rest is left to what Teams adds:
// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using#rate-limiting-for-connectors
const mostBytes = 26_000
const pauseMs = 30_000

/**
 * Tells a Teams channel or chat by a workflow ("When a Teams webhook request is received"). The workflow cannot be asked what it
 * posted: after an uncertain attempt it is posted again.
 *
 * @see https://learn.microsoft.com/connectors/teams/#when-a-teams-webhook-request-is-received
 */
export function createTeamsNotifier(
  target: Extract<ChannelTarget, { kind: 'teams' }>,
  { people }: NotifierTools,
): Notifier {
  return async ({ message, signal }) => {
    const body = fitMessage(
      message,
      (shorter) => JSON.stringify(withCard(adaptiveCard(shorter, people()))),
      (written) => Buffer.byteLength(written) <= mostBytes,
    )
    const trouble = readAnswer(await postJson('Teams', target.url, body, signal))
    if (trouble) throw trouble
  }
}

function withCard(content: object): object {
  const contentType = 'application/vnd.microsoft.card.adaptive'
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] }
}

/** What the workflow's answer means; undefined if it took the message. Pure. */
export function readAnswer(answer: ChannelAnswer): ChannelTrouble | NoticeRefused | undefined {
  const status = innerStatus(answer)
  if (status >= 200 && status < 300) return undefined
  if (status === 429) {
    const retryAfterMs = answer.retryAfterMs ?? pauseMs
    return new ChannelTrouble('Teams wants to be told less often (429).', { retryAfterMs, isCertain: true })
  }
  if (status >= 500) return new ChannelTrouble(`Teams answered ${status}.`, { isCertain: false })
  if (status === 400 || status === 413) {
    return new NoticeRefused(`Teams answered ${status}: it does not take this message.`)
  }
  const advice = 'is the workflow still there, turned on, and open to anyone who has its address?'
  return new ChannelTrouble(`Teams answered ${status}: ${advice}`, { isCertain: true })
}

/** Connectors answer 200 and say in the body what Teams itself has answered. */
function innerStatus({ status, text }: ChannelAnswer): number {
  const inner = status === 200 ? /returned HTTP error (\d{3})/.exec(text)?.[1] : undefined
  return inner === undefined ? status : Number(inner)
}
