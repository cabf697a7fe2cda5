import type { ChannelTarget } from '../../src/config/rules.ts'
import type { Notifier, NotifierTools } from './notifier.ts'

/** Makes what tells a channel. Each kind is loaded when the first channel of it is told: most workers need few. */
export async function createNotifier(target: ChannelTarget, tools: NotifierTools): Promise<Notifier> {
  switch (target.kind) {
    case 'slack':
      return (await import('./slack.ts')).createSlackNotifier(target, tools)
    case 'slack-bot':
      return (await import('./slack-bot.ts')).createSlackBotNotifier(target, tools)
    case 'discord':
      return (await import('./discord.ts')).createDiscordNotifier(target, tools)
    case 'teams':
      return (await import('./teams.ts')).createTeamsNotifier(target, tools)
    case 'email':
      return (await import('./email.ts')).createEmailNotifier(target, tools)
    case 'webhook':
      return (await import('./webhook.ts')).createWebhookNotifier(target, tools)
    case 'hubot':
      return (await import('./hubot.ts')).createHubotNotifier(target, tools)
  }
}
