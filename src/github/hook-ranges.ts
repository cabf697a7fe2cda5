import { z } from 'zod'
import type { GitHub } from './client.ts'

const metaSchema = z.object({ hooks: z.array(z.union([z.cidrv4(), z.cidrv6()])).min(1) })

/**
 * The ranges of addresses that github.com sends webhooks from. They change.
 *
 * @see https://docs.github.com/en/rest/meta/meta#get-github-meta-information
 */
export async function readHookRanges(github: GitHub): Promise<string[]> {
  const { data } = await github.rest.meta.get()
  return metaSchema.parse(data).hooks
}
