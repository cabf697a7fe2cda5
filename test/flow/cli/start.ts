import type { Test } from 'tap'
import { eventually, type FleetOptions, shop, startFleet } from '../../fixtures/fleet.ts'
import { commandLine } from '../../fixtures/livraison.ts'

const config = `
repositories:
  acme/shop:
    environments:
      staging: { on: manual, simulate: 1ms, lane: queue }
      production: { on: manual, simulate: 1ms, lane: queue }
      careful: { on: manual, simulate: 1ms, approvals: { required: 1 } }
`

/** A fleet with a repository that is known, and a command line. */
export async function startWithCommandLine(t: Test, options: FleetOptions = {}) {
  const fleet = await startFleet(t, { config, ...options })
  const sha = await fleet.sandbox.push(shop, { message: 'First' })
  await eventually(async () => {
    const { body } = await fleet.receiver.api(`/deliveries?repository=${shop}`)
    return (body.deliveries as unknown[]).length > 0
  }, 'the repository is known')
  return { ...fleet, ...commandLine(t, fleet.receiver), sha }
}

/** The number of the deployment that a text names first. */
export const idIn = (text: string): number => Number(/#(\d+)/.exec(text)?.[1])
