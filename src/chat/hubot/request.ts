import { z } from 'zod'
import { lockTaskOf } from '../../deployments/lock-task.ts'
import { BadRequest } from '../../errors/bad-request.ts'

const name = z.string().min(1).max(200)
/** A room may have no name, as that between Hubot and one person. */
const room = z.string().max(200)
const mostConfig = 16 * 1024

export const hubotCommands = [
  ...(['deploy', 'lock', 'unlock', 'rollback', 'approve', 'reject', 'cancel'] as const),
  ...(['status', 'why', 'deployments', 'environments'] as const),
] as const

const commandSchema = z.strictObject({
  name: z.enum(hubotCommands),
  /** What people call it: a repository's short name, or its owner, with the rest at the beginning of `ref`. */
  app: name.optional(),
  /** By Hubot's apps.json. */
  repository: name.regex(/^[^/\s]+\/[^/\s]+$/, 'must be OWNER/NAME').optional(),
  ref: z.string().min(1).max(255).optional(),
  environment: z.string().min(1).max(255).optional(),
  hosts: z.string().min(1).max(255).optional(),
  task: z
    .string()
    .regex(/^deploy(:\S{1,100})?$/, 'must be deploy or begin with deploy:')
    .refine((task) => lockTaskOf(task) === undefined, 'must not be that of a lock')
    .optional(),
  force: z.boolean().optional(),
  reason: z.string().min(1).max(500).optional(),
  deployment: z.int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  config: z
    .record(z.string(), z.unknown())
    .refine((config) => JSON.stringify(config).length <= mostConfig, 'is too large')
    .optional(),
})

export const hubotRequestSchema = z.strictObject({
  /** Two of one id are one. */
  id: z.string().regex(/^[\w-]{16,100}$/, 'must be a random id'),
  robot: name,
  adapter: name,
  room,
  user: z.strictObject({ id: name, name, email: z.string().max(254).optional() }),
  messageId: z.string().max(200).optional(),
  threadId: z.string().max(200).optional(),
  command: commandSchema,
})

/** What somebody asks for in a chat, as the script in integrations/hubot/ sends it. */
export type HubotRequest = z.output<typeof hubotRequestSchema>
export type HubotCommand = HubotRequest['command']

/** @throws {BadRequest} that names what is wrong */
export function readHubotRequest(body: Buffer): HubotRequest {
  const read = hubotRequestSchema.safeParse(parse(body.toString('utf8')))
  if (read.success) return read.data
  const problems = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`)
  throw new BadRequest(`This is no command of Hubot's: ${problems.slice(0, 5).join('; ')}.`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
