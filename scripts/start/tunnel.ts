/** What was asked for with `--tunnel`: a channel, to be told how to get one, or nothing. */
export type AskedTunnel = { url: string } | 'help' | undefined

/** Reads `--tunnel URL` (or `--tunnel=URL`), else TUNNEL_URL. @throws on anything else that was asked for */
export function readTunnel(args: readonly string[], tunnelUrl: string | undefined): AskedTunnel {
  const [first, ...rest] = args
  if (first === undefined) return tunnelUrl ? { url: tunnelUrl } : undefined
  const [name, given] = first.startsWith('--tunnel=') ? ['--tunnel', first.slice(9)] : [first, rest.shift()]
  if (name !== '--tunnel' || rest.length > 0) {
    throw new Error(`"${args.join(' ')}" is not understood. npm start takes --tunnel URL, and nothing else.`)
  }
  const url = given || tunnelUrl
  return url ? { url } : 'help'
}

/** How to get a channel. */
export const tunnelHelp = `A tunnel brings GitHub's webhooks to a machine that GitHub cannot reach. It needs a channel:

  1. Open https://smee.io/new in a browser, or ask for one:

       curl -sI https://smee.io/new | grep -i ^location

     Its address, such as https://smee.io/AbCdEf123456, is all that it takes to read and write there: tell nobody.
  2. On GitHub, Settings > Webhooks > Add webhook: that address as the Payload URL, the content type
     application/json, and the secret in GITHUB_WEBHOOK_SECRET.
  3. npm start -- --tunnel https://smee.io/AbCdEf123456

TUNNEL_URL in .env saves typing it each time. docs/tunnel.md tells more, and of gh webhook forward, which needs no channel.`
