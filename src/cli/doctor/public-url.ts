import { createHmac, randomUUID } from 'node:crypto'
import { messageOf } from '../../errors/errors.ts'
import { webhookPath } from '../../github/our-hooks.ts'
import type { DoctorSettings } from '../../settings/doctor.ts'
import type { Finding } from './finding.ts'
import { isLoopback, isPrivate } from './reach.ts'

const of = 'PUBLIC_URL'
const limitMs = 10_000

/** What was found of PUBLIC_URL, and whether a receiver there has taken our secret. */
export interface PublicUrlReport {
  findings: Finding[]
  secretIsProven: boolean
}

/** Whether PUBLIC_URL leads to a receiver, whether that is ours, and whether GitHub can go there. */
export async function examinePublicUrl(settings: DoctorSettings): Promise<PublicUrlReport> {
  const { publicUrl, webhookSecret } = settings
  const health = await readHealth(publicUrl)
  const answered =
    typeof health === 'string' || webhookSecret === undefined
      ? undefined
      : await ping(publicUrl, webhookSecret)
  return {
    findings: [healthFinding(publicUrl, health, answered), ...reachFindings(settings)],
    secretIsProven: answered === 200,
  }
}

/** What answers, or why nothing does. */
type Health = { status: number; version: string | undefined } | string

async function readHealth(publicUrl: string): Promise<Health> {
  try {
    const answer = await fetch(`${publicUrl}/healthz`, { signal: AbortSignal.timeout(limitMs) })
    const body: unknown = await answer.json().catch(() => undefined)
    return { status: answer.status, version: versionIn(body) }
  } catch (error) {
    return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
  }
}

function versionIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('version' in body)) return undefined
  return typeof body.version === 'string' ? body.version : undefined
}

/**
 * The status of the answer to a ping that is signed with our secret: a receiver that takes it is one of ours. GitHub sends the
 * same when a webhook is made.
 */
async function ping(publicUrl: string, secret: string): Promise<number | undefined> {
  const body = JSON.stringify({ zen: 'The doctor asks who answers here.' })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  try {
    const answer = await fetch(`${publicUrl}${webhookPath}`, {
      ...{ method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(limitMs) },
      headers: {
        ...{ 'content-type': 'application/json', 'x-github-event': 'ping' },
        ...{ 'x-github-delivery': randomUUID(), 'x-hub-signature-256': `sha256=${signature}` },
      },
    })
    await answer.body?.cancel()
    return answer.status
  } catch {
    return undefined
  }
}

/** What it means that this answers there. Pure. */
export function healthFinding(publicUrl: string, health: Health, pinged: number | undefined): Finding {
  if (typeof health === 'string') {
    const todo = 'Start the server; if it runs, mend the name, the proxy or the certificate at that address.'
    return { level: 'fail', of, text: `nobody answers at ${publicUrl}: ${health}`, todo }
  }
  if (health.version === undefined) {
    const todo = 'Set PUBLIC_URL to where people reach Livraison, and let the proxy pass all of it on.'
    return {
      level: 'fail',
      of,
      text: `${publicUrl}/healthz answers ${health.status}, and it is not Livraison`,
      todo,
    }
  }
  const text = `Livraison ${health.version} answers at ${publicUrl}`
  if (pinged === undefined) return { level: 'ok', of, text }
  if (pinged === 200) return { level: 'ok', of, text: `${text}, and takes what is signed with our secret` }
  if (pinged === 401) {
    const todo =
      'It is another installation, or it runs with another GITHUB_WEBHOOK_SECRET: restart it with this one.'
    return { level: 'fail', of, text: `${text}, but it does not know our secret`, todo }
  }
  const todo = `Let the proxy pass POST ${webhookPath} on as it is, up to 25 MiB, without a sign-in of its own.`
  return { level: 'fail', of, text: `${text}, but a delivery is answered ${pinged}`, todo }
}

/** Whether GitHub can go there. Pure. */
export function reachFindings(
  settings: Pick<DoctorSettings, 'publicUrl' | 'githubServerUrl' | 'namesPublicUrl' | 'tunnelUrl'>,
): Finding[] {
  const { hostname, protocol } = new URL(settings.publicUrl)
  const github = new URL(settings.githubServerUrl).hostname
  const way = 'way from GitHub'
  if (settings.tunnelUrl !== undefined)
    return [{ level: 'ok', of: way, text: `through the tunnel ${settings.tunnelUrl}` }]
  if (isLoopback(github)) return []
  if (isLoopback(hostname)) {
    const text = `${settings.namesPublicUrl ? 'PUBLIC_URL' : 'PUBLIC_URL is not set, and'} ${settings.publicUrl} leads to this machine only: GitHub cannot deliver there`
    const todo =
      'Set PUBLIC_URL to an address that GitHub reaches, or take deliveries through a tunnel (docs/tunnel.md).'
    return [{ level: 'warn', of: way, text, todo }]
  }
  if (isPrivate(hostname) && isPublic(github)) {
    const text = `${hostname} is on a private network: ${github} cannot deliver there`
    return [
      {
        level: 'warn',
        of: way,
        text,
        todo: 'Set PUBLIC_URL to a public address, or use a tunnel (docs/tunnel.md).',
      },
    ]
  }
  if (protocol === 'http:' && !isPrivate(hostname)) {
    const todo =
      'Put a proxy with a certificate in front, and write https:// in PUBLIC_URL and in the webhook.'
    return [{ level: 'warn', of: way, text: 'deliveries and sign-ins go unencrypted over http', todo }]
  }
  return []
}

function isPublic(github: string): boolean {
  return github === 'github.com' || github.endsWith('.ghe.com')
}
