import type { ChannelTarget } from '../../src/config/rules.ts'
import type { Notifier, NotifierTools } from './notifier.ts'

/** Makes what tells a channel. Each kind is loaded when the first channel of it is told: most workers need few. */
export async function createNotifier(target: ChannelTarget, tools: NotifierTools): Promise<Notifier> {
  switch (target.kind) {
    case 'webhook':
      return (await import('./webhook.ts')).createWebhookNotifier(target, tools)
    default:
      throw new Error(`This version cannot tell ${target.kind} yet.`)
  }
}
