import { version } from '../../version.ts'
import type { ChannelList, Me } from '../answers.ts'
import { type ClientOptions, createClient } from '../client.ts'
import { Stop } from '../exit-status.ts'
import type { Finding } from './finding.ts'

const limitMs = 5000

/** Whether the server is there, works, and knows us. */
export async function examineServer(options: ClientOptions): Promise<Finding[]> {
  const health = await read<{ version: string }>(`${options.url}/healthz`)
  if (health?.body.version === undefined) {
    const todo = 'Start it (livraison server), or say where it is with LIVRAISON_URL.'
    return [{ level: 'fail', of: 'server', text: `nobody answers at ${options.url}`, todo }]
  }
  return [
    serverFinding(options.url, health.body.version),
    redisFinding(await read<Readiness>(`${options.url}/readyz`)),
    await tokenFinding(options),
    ...(await channelFindings(options)),
  ]
}

function serverFinding(url: string, theirs: string): Finding {
  const text = `version ${theirs} at ${url}`
  if (theirs === version) return { level: 'ok', of: 'server', text }
  return { level: 'warn', of: 'server', text, todo: `This command is version ${version}: use the same.` }
}

interface Readiness {
  message?: string
  redis?: { version?: string; persistence?: string; maxmemoryPolicy?: string; warnings?: string[] }
}

/** What /readyz says of Redis. Pure. */
export function redisFinding(ready: Read<Readiness> | undefined): Finding {
  const of = "the server's Redis"
  const redis = ready?.body.redis
  if (ready?.status !== 200 || redis === undefined) {
    const text = ready?.body.message ?? 'the server does not say'
    return { level: 'fail', of, text, todo: 'Start Redis, or look at REDIS_URL of the server.' }
  }
  const [warning, ...more] = redis.warnings ?? []
  const text = `version ${redis.version}, ${redis.persistence}, ${redis.maxmemoryPolicy}`
  if (warning === undefined) return { level: 'ok', of, text }
  return { level: 'warn', of, text, todo: [warning, ...more].join(' ') }
}

async function tokenFinding(options: ClientOptions): Promise<Finding> {
  if (options.token === undefined) {
    const todo = 'Set LIVRAISON_TOKEN, or ADMIN_TOKEN, to have it ask the server.'
    return { level: 'warn', of: 'token', text: 'there is none here', todo }
  }
  try {
    const { name, role } = await createClient(options).ask<Me>('/me')
    const text = `${name}, ${role === null ? 'whose role depends on the repository' : `with the role ${role}`}`
    return { level: 'ok', of: 'token', text }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return { level: 'fail', of: 'token', text: 'it opens nothing', todo: error.message }
  }
}

/** Who cannot be told of deployments. An older server does not say, nor does one that does not know us. */
async function channelFindings(options: ClientOptions): Promise<Finding[]> {
  try {
    const { channels } = await createClient(options).ask<ChannelList>('/channels')
    const broken = channels.filter(({ state }) => state === 'broken')
    if (broken.length === 0) return []
    return broken.map(({ name, since, reason, waiting }) => ({
      level: 'warn',
      of: 'notices',
      text: `${name} cannot be told since ${since}: ${reason}`,
      todo: `Mend it, or its entry under notify in livraison.yml; ${waiting} notices wait.`,
    }))
  } catch (error) {
    if (error instanceof Stop) return []
    throw error
  }
}

interface Read<T> {
  status: number
  body: T
}

async function read<T>(url: string): Promise<Read<T> | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(limitMs) })
    return { status: answer.status, body: (await answer.json()) as T }
  } catch {
    // That there is nothing to be read is what the doctor tells.
    return undefined
  }
}
