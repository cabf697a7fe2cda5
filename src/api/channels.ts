import { z } from 'zod'
import type { ChannelState } from '../notices/channel-book.ts'
import type { ApiApp } from '../openapi/schemas.ts'
import { isoTime } from './present-deployment.ts'
import { channelSchema, type PresentedChannel } from './schema/channel.ts'
import type { Sources } from './sources.ts'

const schema = {
  operationId: 'listChannels',
  tags: ['channels'],
  summary: 'Who is told of deployments, and whether they can be',
  description: 'The channels that workers have found under `notify` in livraison.yml, by name.',
  response: { 200: z.object({ channels: z.array(channelSchema) }) },
}

/** `GET /api/channels`: how each channel stands that is told of deployments. */
export async function channelsRoute(app: ApiApp, { channels }: Pick<Sources, 'channels'>) {
  app.get('/channels', { config: { role: 'viewer' }, schema }, async () => ({
    channels: (await channels.all()).map(presentChannel),
  }))
}

function presentChannel(channel: ChannelState): PresentedChannel {
  const { id, name, kind, repository, waiting, broken, toldAt, letGo, lastLetGo } = channel
  return {
    ...{ id, name, kind, repository: repository ?? null },
    state: broken === undefined ? 'working' : 'broken',
    since: isoTime(broken?.since),
    reason: broken?.reason ?? null,
    waiting,
    toldAt: isoTime(toldAt),
    letGo,
    letGoAt: isoTime(lastLetGo?.at),
    letGoReason: lastLetGo?.reason ?? null,
  }
}
