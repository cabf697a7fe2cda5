import { matchGlobs } from '../config/match-globs.ts'
import type { ChannelRules, RepositoryRules } from '../config/rules.ts'
import type { NoticeState } from './notice.ts'

/**
 * Who is told that something in an environment is now in a state, each channel once: where several entries lead to one place,
 * the first of them counts, and a repository's own come before those of everything. Pure.
 */
export function channelsFor(
  { notify }: Pick<RepositoryRules, 'notify'>,
  environment: string,
  state: NoticeState,
): ChannelRules[] {
  const byId = new Map<string, ChannelRules>()
  for (const channel of notify) {
    if (byId.has(channel.id) || !channel.on.includes(state)) continue
    if (matchGlobs(channel.environments)(environment)) byId.set(channel.id, channel)
  }
  return [...byId.values()]
}
