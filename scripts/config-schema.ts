// npm run schema: writes livraison.schema.json, by which editors complete and check livraison.yml.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configJsonSchema } from '../src/config/json-schema.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
writeFileSync(`${root}livraison.schema.json`, `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
