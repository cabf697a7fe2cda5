import { readFileSync } from 'node:fs'
import { z } from 'zod'

const day = z.iso.date()

const policySchema = z.strictObject({
  /** Of what may be given on with Livraison under its own licence, as SPDX names them. */
  licences: z.array(z.string()),
  /** Packages whose licence is another, or is not said, and why that is right. */
  licenceExceptions: z.array(
    z.strictObject({ package: z.string(), licence: z.string(), reason: z.string().min(1), since: day }),
  ),
  /** Advisories that are no danger here, why, and until when that is believed. */
  advisoryExceptions: z.array(
    z.strictObject({ id: z.string(), reason: z.string().min(1), since: day, until: day }),
  ),
})

/** What the packages that Livraison is made of must be like. */
export type Policy = z.output<typeof policySchema>

/** Reads the file beside this one, from the project's folder. */
export function readPolicy(): Policy {
  return policySchema.parse(JSON.parse(readFileSync('scripts/dependencies/policy.json', 'utf8')))
}
