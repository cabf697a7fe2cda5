import type { SMTPSentMessageInfo } from 'nodemailer'
import type { ChannelTarget } from '../../src/config/rules.ts'
import { copiesTo, mailOf, messageIdOf } from './email/mail.ts'
import { serverOptions } from './email/server.ts'
import { isFinal, readMailError } from './email/trouble.ts'
import { ChannelTrouble, NoticeRefused, type Notifier, type NotifierTools, type Telling } from './notifier.ts'

type Target = Extract<ChannelTarget, { kind: 'email' }>

/**
 * Tells people by e-mail, one thread for each deployment. A message sent again has the Message-ID it had before: mail programs show
 * it once. Whom it mentions gets a copy.
 *
 * @param options.ca a certificate to be trusted besides the usual ones
 */
export function createEmailNotifier(
  target: Target,
  { people }: NotifierTools,
  options: { ca?: string } = {},
): Notifier {
  return async (telling) => {
    const { message, notice } = telling
    const messageId = messageIdOf(notice, target.from)
    const { root, last, pending, pendingFor } = await telling.memory.read()
    if (last === messageId) return
    const cc = copiesTo(message, people()).filter((address) => !target.to.includes(address))
    const left =
      pendingFor === messageId && pending !== undefined ? pending.split('\n') : [...target.to, ...cc]
    const sent = await send(target, options.ca, telling, {
      ...mailOf(message),
      ...{ from: target.from, to: [...target.to], cc, messageId, envelope: { from: target.from, to: left } },
      ...(last !== undefined && { inReplyTo: last, references: [...new Set([root ?? last, last])] }),
      // https://www.rfc-editor.org/rfc/rfc3834: nobody's holiday notice is to answer.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    })
    await judge(sent, messageId, telling)
    await telling.memory.write({ root: root ?? messageId, last: messageId, pendingFor: '' })
    refuseIfLeftOut(sent)
  }
}

async function send(
  { server }: Target,
  ca: string | undefined,
  { signal }: Telling,
  mail: object,
): Promise<SMTPSentMessageInfo> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(serverOptions(server, ca))
  try {
    return await transport.sendMail({ ...mail, signal })
  } catch (error) {
    throw readMailError(error)
  } finally {
    transport.close()
  }
}

/** Some may have been taken and others put off: only those are tried again. @throws {ChannelTrouble} */
async function judge(
  { rejected, rejectedErrors = [] }: SMTPSentMessageInfo,
  messageId: string,
  { memory }: Telling,
): Promise<void> {
  const final = new Set(
    rejectedErrors.filter((each) => isFinal(each.responseCode)).map(({ recipient }) => recipient),
  )
  const later = rejected.filter((address) => !final.has(address))
  if (later.length === 0) return
  await memory.write({ pending: later.join('\n'), pendingFor: messageId })
  const words = `The mail server put off ${later.length} of the recipients; the others have the message.`
  throw new ChannelTrouble(words, { isCertain: true })
}

/** @throws {NoticeRefused} if somebody will never get it, so that it is said */
function refuseIfLeftOut({ accepted, rejected }: SMTPSentMessageInfo): void {
  if (rejected.length === 0) return
  const those = rejected.join(', ')
  const words = `The mail server refuses to deliver to ${those}; sent to ${accepted.length} others.`
  throw new NoticeRefused(words)
}
