import { createLogger } from '../log/log.ts'
import { readTunnelSettings } from '../settings/tunnel.ts'
import { closeOnSignal } from '../shutdown.ts'
import { usableOrExit } from '../start-up.ts'
import { openTunnel } from './open-tunnel.ts'

/** The tunnel: takes deliveries from a smee.io-compatible channel to the receiver on this machine. */
const { logLevel, ...settings } = usableOrExit(readTunnelSettings)
const log = createLogger(logLevel, 'tunnel')
const tunnel = openTunnel({ ...settings, log })
closeOnSignal(log, 10_000, () => tunnel.close())
