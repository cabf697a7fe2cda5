import { z } from 'zod'
import { configSchema } from './schema.ts'

/** The grammar of livraison.yml as JSON Schema, in the draft that editors know best. */
export function configJsonSchema(): object {
  return {
    title: 'livraison.yml',
    ...z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }),
  }
}
