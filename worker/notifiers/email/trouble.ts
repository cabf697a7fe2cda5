import type { NodemailerError } from 'nodemailer'
import { ChannelTrouble, NoticeRefused } from '../notifier.ts'

/** Before these the message was never begun. */
const neverBegun = ['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH']
const loginWanted = [530, 534, 535, 538]

/** What an error of the SMTP client means. It says no more than codes: a server's words may quote what it was told. */
export function readMailError(error: unknown): ChannelTrouble | NoticeRefused {
  const { code, command, responseCode, originalCode, timeoutType, rejectedErrors }: NodemailerError = {
    ...(error instanceof Error ? error : new Error()),
    ...{ name: '', message: '' },
  }
  const status = rejectedErrors?.find((each) => !isFinal(each.responseCode))?.responseCode ?? responseCode
  if (status !== undefined) return readReply(status, code, command)
  if (code === 'ETLS') {
    const words = 'The mail server does not speak TLS as it should: for TLS from the start use smtps://'
    return new ChannelTrouble(`${words}, else it must offer STARTTLS with a valid certificate.`, {
      isCertain: true,
    })
  }
  const isCertain =
    neverBegun.includes(code ?? '') ||
    ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'].includes(originalCode ?? '') ||
    ['CONNECT_TIMEOUT', 'GREETING_TIMEOUT'].includes(timeoutType ?? '')
  const why = originalCode ?? code
  const words = isCertain ? 'could not be reached' : 'did not answer as it should'
  return new ChannelTrouble(`The mail server ${words}${why === undefined ? '' : ` (${why})`}.`, { isCertain })
}

function readReply(
  status: number,
  code: string | undefined,
  command: string | undefined,
): Error & (ChannelTrouble | NoticeRefused) {
  const said = `The mail server answered ${status}${command === undefined ? '' : ` to ${command}`}`
  if (code === 'EAUTH' || loginWanted.includes(status)) {
    return new ChannelTrouble(`${said}: are user and password in \`server\` right?`, { isCertain: true })
  }
  const isOfMessage = code === 'EENVELOPE' || code === 'EMESSAGE'
  if (isOfMessage && isFinal(status)) return new NoticeRefused(`${said}: it does not take this message.`)
  return new ChannelTrouble(`${said}.`, { isCertain: true })
}

/** Whether a reply is for good: 5xx, but for one that is about the order of commands. */
export function isFinal(status: number | undefined): boolean {
  return status !== undefined && status >= 500 && status !== 503
}
