import type { IncomingHttpHeaders } from 'node:http'
import { hostOf } from '../redis/key-prefix.ts'

/** The name of a GitHub whose deliveries a receiver takes, in the forms that deliveries have it. */
export interface OwnHost {
  /** With the port, if it is not the usual one. */
  host: string
  hostname: string
}

/** The GitHub of a receiver. Pure. */
export function ownHost(githubUrl: string): OwnHost {
  const host = hostOf(githubUrl)
  return { host, hostname: host.replace(/:\d+$/, '') }
}

/**
 * The host that a delivery is from, if that is another GitHub than ours; undefined if it is ours, or does not say. Ids mean
 * nothing at another: its #7 is not our #7. Pure.
 *
 * Enterprise Server says so in the head, ghe.com names its tenant there, and all have it in the address of the repository.
 *
 * @see https://docs.github.com/en/enterprise-server@latest/webhooks/webhook-events-and-payloads#delivery-headers
 * @see https://github.com/getsentry/sentry/pull/113966 ghe.com
 */
export function foreignHost(
  headers: IncomingHttpHeaders,
  payload: unknown,
  own: OwnHost,
): string | undefined {
  const host = hostInHead(headers) ?? hostInPayload(payload)
  return host === undefined || host === own.host || host === own.hostname ? undefined : host
}

/** Why it is ignored, and what to do. Pure. */
export function foreignReason(host: string, { host: own }: OwnHost): string {
  return `It is from ${host}, and this receiver is for ${own}: point the webhook at the receiver for ${host}, or set GITHUB_SERVER_URL if that is meant.`
}

function hostInHead(headers: IncomingHttpHeaders): string | undefined {
  const { 'x-github-enterprise-host': host, 'x-github-tenant': tenant } = headers
  if (typeof host === 'string' && host !== '') return host.toLowerCase()
  return typeof tenant === 'string' && tenant !== '' ? `${tenant.toLowerCase()}.ghe.com` : undefined
}

const origin = /^https?:\/\/([^/]+)\//

function hostInPayload(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('repository' in payload)) return undefined
  const { repository } = payload
  if (typeof repository !== 'object' || repository === null || !('html_url' in repository)) return undefined
  return typeof repository.html_url === 'string'
    ? origin.exec(repository.html_url)?.[1]?.toLowerCase()
    : undefined
}
