import { z } from 'zod'
import { moment, words } from '../body.ts'
import { oneOf, text } from '../query.ts'
import { lockedSchema } from '../schema/operation.ts'
import { lockSchema } from '../schema/place.ts'
import { ofPlace, ofRepository } from '../schema/terms.ts'

const lockBody = z.strictObject({
  reason: words,
  expires: moment.optional().meta({ description: 'When it ends by itself; else somebody unlocks' }),
  kind: oneOf(['hard', 'soft'])
    .optional()
    .meta({ description: '`hard` unless given; `force` passes a soft one' }),
  owner_may_deploy: z.boolean().optional().meta({ description: 'Whether what you ask for goes through' }),
})

/** A lock as it is asked for. */
export type LockBody = z.output<typeof lockBody>

const listing = { tags: ['locks'], response: { 200: z.object({ locks: z.array(lockSchema) }) } }
const locking = { tags: ['locks'], body: lockBody, response: { 200: lockedSchema }, refusals: [409] }
const unlocking = {
  tags: ['locks'],
  querystring: z.strictObject({
    id: text.optional().meta({ description: 'Only that very lock; one that came meanwhile stays' }),
  }),
  response: { 200: lockedSchema },
  refusals: [404, 409],
}

/** What is said of the routes of everything. */
export const onEverything = {
  list: { ...listing, operationId: 'listLocks', summary: 'All locks' },
  lock: { ...locking, operationId: 'lockEverything', summary: 'Locks all repositories' },
  unlock: { ...unlocking, operationId: 'unlockEverything', summary: 'Takes the lock on everything away' },
}

/** What is said of the routes of a repository, and of an environment. */
export const onRepository = schemasOf(ofRepository, 'Repository', 'a repository')
export const onEnvironment = schemasOf(ofPlace, 'Environment', 'an environment')

function schemasOf<T extends z.ZodObject>(params: T, name: string, words: string) {
  return {
    list: {
      ...{ ...listing, params, operationId: `list${name}Locks` },
      summary: `The locks on ${words}, around it and in it, the widest first`,
    },
    lock: {
      ...{ ...locking, params, operationId: `lock${name}` },
      summary: `Locks ${words}; a lock of one's own gets the new reason and end`,
    },
    unlock: {
      ...{ ...unlocking, params, operationId: `unlock${name}` },
      summary: `Takes the lock on ${words} away; what it held back goes on`,
      description: 'That of somebody else needs the role approver.',
    },
  }
}
