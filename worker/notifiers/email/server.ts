import type { SMTPTransportOptions } from 'nodemailer'

const connectMs = 15_000
const silenceMs = 30_000

/**
 * How a server is spoken to: by TLS from the start (smtps://), or by STARTTLS, without which nothing is said (smtp://). Only to this
 * machine itself are messages and passwords sent in clear.
 */
export function serverOptions(server: string, ca: string | undefined): SMTPTransportOptions {
  const url = new URL(server)
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const isHere = ['localhost', '127.0.0.1', '::1'].includes(host)
  const user = decodeURIComponent(url.username)
  return {
    ...{ host, port: Number(url.port || (secure ? 465 : 587)), secure },
    ...(!secure && (isHere ? { ignoreTLS: true } : { requireTLS: true })),
    ...(user !== '' && { auth: { user, pass: decodeURIComponent(url.password) } }),
    ...(ca !== undefined && { tls: { ca } }),
    ...{ connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: silenceMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  }
}
