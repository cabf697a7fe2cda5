import { z } from 'zod'
import type { Package } from './licences.ts'

/** As much of a CycloneDX document as is looked at; the rest stays as it is. */
const billSchema = z.looseObject({
  components: z.array(z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() })),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
})

export type BillOfMaterials = z.output<typeof billSchema>

/**
 * What npm says of all that is installed, without what is there for development only. (Its own `--omit dev` leaves out what
 * development needs as well, such as pino.) Pure.
 *
 * @throws {z.ZodError} if it is no CycloneDX
 */
export function forProduction(bill: unknown, packages: readonly Package[]): BillOfMaterials {
  const { components, dependencies, ...rest } = billSchema.parse(bill)
  const wanted = new Set(packages.map(({ name, version }) => `${name}@${version}`))
  const kept = components.filter(({ name, version }) => wanted.has(`${name}@${version}`))
  const refs = new Set(kept.map((each) => each['bom-ref']))
  const isGone = (ref: string) => components.some((each) => each['bom-ref'] === ref) && !refs.has(ref)
  return {
    ...rest,
    components: kept,
    dependencies: dependencies
      .filter(({ ref }) => !isGone(ref))
      .map(({ ref, dependsOn = [], ...more }) => ({
        ref,
        dependsOn: dependsOn.filter((each) => !isGone(each)),
        ...more,
      })),
  }
}
