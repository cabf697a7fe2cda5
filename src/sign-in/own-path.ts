/** A path of ours to go on to after signing in; `/` for what leads anywhere else. Pure. */
export function ownPath(to: unknown): string {
  const somewhere = 'http://livraison.invalid'
  if (typeof to !== 'string' || !to.startsWith('/') || !URL.canParse(to, somewhere)) return '/'
  const url = new URL(to, somewhere)
  const path = `${url.pathname}${url.search}`
  // As browsers read them: //host and /\host are other places, whatever they were made of.
  return url.origin === somewhere && !/^\/[/\\]/.test(path) ? path : '/'
}
