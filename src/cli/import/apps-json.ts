import { z } from 'zod'

const texts = z.array(z.string())

/** An app of hubot-deploy's apps.json. @see https://github.com/atmos/hubot-deploy/blob/master/docs/config-file.md */
const appSchema = z.looseObject({
  provider: z.string().optional(),
  repository: z.string().regex(/^[-_.0-9A-Za-z]+\/[-_.0-9A-Za-z]+$/, 'must be "owner/name"'),
  environments: texts.min(1, 'must name an environment').default(['production']),
  required_contexts: texts.nullish(),
  auto_merge: z.boolean().optional(),
  allowed_rooms: texts.nullish(),
  github_api: z.string().optional(),
  github_token: z.string().optional(),
})

export type ImportedApp = z.output<typeof appSchema> & { name: string }

/** All apps of the file's text, or all that is wrong with it. Pure. */
export function readAppsJson(text: string): { apps: ImportedApp[] } | { problems: string[] } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problems: [`it is no JSON: ${error instanceof Error ? error.message : error}`] }
  }
  const read = z.record(z.string(), appSchema).safeParse(value)
  if (!read.success) {
    return { problems: read.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`) }
  }
  const apps = Object.entries(read.data).map(([name, app]) => ({ ...app, name }))
  return apps.length === 0 ? { problems: ['it has no app'] } : { apps }
}
