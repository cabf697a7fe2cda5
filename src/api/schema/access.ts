import { z } from 'zod'
import { actorKinds, faces } from '../../access/actor.ts'
import { roles } from '../../access/role.ts'
import { fullName, time } from './terms.ts'

const text = z.string().meta({ description: 'What happened, in a sentence' })

/** Who did something, and through what. */
export const actorSchema = z
  .object({ kind: z.enum(actorKinds), name: z.string(), face: z.enum(faces) })
  .meta({ id: 'Actor' })

/** A token for machines as the API gives it: never its secret. */
export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    repositories: z
      .array(z.string())
      .readonly()
      .meta({ description: 'Where it is in force; none: everywhere' }),
    createdBy: z.string(),
    createdAt: time.nullable(),
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable().meta({ description: 'To the minute; null: never' }),
  })
  .meta({ id: 'Token' })

/** A token for machines as the API gives it. */
export type PresentedToken = z.output<typeof tokenSchema>

/** A new token: the only answer with its secret. */
export const madeToken = tokenSchema.extend({ secret: z.string(), text }).meta({ id: 'MadeToken' })

/** A new token. */
export type MadeToken = z.output<typeof madeToken>

export const revokedToken = tokenSchema.extend({ text }).meta({ id: 'RevokedToken' })

/** Who calls. */
export const meSchema = actorSchema
  .extend({
    repository: fullName.nullable().meta({ description: 'The one that was asked about' }),
    role: z.enum(roles).nullable().meta({ description: 'In that repository, else everywhere' }),
    token: tokenSchema.nullable(),
  })
  .meta({ id: 'Me' })

/** Who calls. */
export type Me = z.output<typeof meSchema>
