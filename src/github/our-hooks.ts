/** Whether a webhook delivers to this receiver: by host and path, since a proxy may change the protocol. Pure. */
export function deliversToUs(url: string, publicUrl: string): boolean {
  const ours = placeOf(`${publicUrl}/event_handler`)
  return ours !== undefined && placeOf(url) === ours
}

function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { host, pathname } = new URL(url)
  return host + pathname.replace(/\/+$/, '')
}
