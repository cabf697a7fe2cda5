/**
 * The route of a call, for counting it and for traces: its address with names instead of values. GitHub gives the addresses of further
 * pages itself, with a query and with ids: those are taken out. Pure.
 */
export function toRoute(url: string): string {
  if (!URL.canParse(url)) return url.split('?')[0] ?? url
  return new URL(url).pathname
    .replace(/\/repositories\/\d+(?=\/|$)/, '/repositories/{repository_id}')
    .replace(/\/\d+(?=\/|$)/g, '/{number}')
}
