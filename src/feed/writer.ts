import { defineScript, type Redis } from '../redis/redis.ts'
import type { Change } from './feed.ts'
import { changesKey, noteChange } from './note.ts'

/** Something that has changed and is to be noted. */
export type NewChange = Omit<Change, 'id'>

/**
 * Notes what no script notes itself. The statuses of deployments and the deliveries are noted by the scripts that write them
 * (deployments/step.ts, deliveries/trace.ts).
 */
export interface FeedWriter {
  /** Notes a change, once it is in Redis: whoever hears of it reads it at once. */
  note(change: NewChange): Promise<void>
}

/** Keys: changes. Arguments: kind, repository's id, environment, deployment, state. */
const note = defineScript(`${noteChange}
noteChange(KEYS[1], unpack(ARGV))
return 1
`)

/** Opens the feed for writing. */
export function openFeedWriter(redis: Redis, prefix: string): FeedWriter {
  return {
    async note({ kind, repositoryId, environment, deployment, state }) {
      await note(
        redis,
        [changesKey(prefix)],
        [kind, repositoryId ?? '', environment ?? '', deployment ?? '', state ?? ''],
      )
    },
  }
}
