import type { Hook } from './hooks.ts'

/** Which of a repository's hooks lead to us. All of it is pure. */

/** Where deliveries go, below the address of a receiver. */
export const webhookPath = '/event_handler'

/** Where deliveries are to be sent: to the receiver, or to the channel of a tunnel. */
export function webhookUrlOf(publicUrl: string, tunnelUrl: string | undefined): string {
  return tunnelUrl ?? `${publicUrl}${webhookPath}`
}

/** Whether a webhook delivers to an address: by host and path, since a proxy may change the protocol. */
export function deliversTo(url: string, webhookUrl: string): boolean {
  const ours = placeOf(webhookUrl)
  return ours !== undefined && placeOf(url) === ours
}

/** The hooks that deliver to an address. */
export function ourHooks<T extends Pick<Hook, 'url'>>(hooks: readonly T[], webhookUrl: string): T[] {
  return hooks.filter(({ url }) => deliversTo(url, webhookUrl))
}

function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { host, pathname } = new URL(url)
  return host + pathname.replace(/\/+$/, '')
}
