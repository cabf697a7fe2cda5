import { z } from 'zod'
import { type Environment, processEnvironment } from './environment.ts'
import { parse } from './parse.ts'
import { shared } from './shared.ts'
import { webUrl } from './values.ts'

const tunnelSchema = z.object({
  PORT: shared.PORT.refine((port) => port !== 0, {
    error: 'is 0, a port that is chosen anew each time: a tunnel must know it',
  }),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: shared.LOG_LEVEL,
  TUNNEL_URL: webUrl,
})

/** Reads what a tunnel runs with; throws {@link SettingsError} that names all problems. */
export function readTunnelSettings(env: Environment = processEnvironment()) {
  const { PORT, HOST, LOG_LEVEL, TUNNEL_URL } = parse(tunnelSchema, env)
  return { url: TUNNEL_URL, receiverUrl: `http://${reachable(HOST)}:${PORT}`, logLevel: LOG_LEVEL }
}

/** Who listens everywhere listens here, too. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
