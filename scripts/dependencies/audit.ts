import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Policy } from './policy.ts'

const advisorySchema = z.object({
  title: z.string(),
  url: z.string(),
  severity: z.string(),
  name: z.string(),
  range: z.string(),
})

/** @see https://docs.npmjs.com/cli/v11/commands/npm-audit */
const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisorySchema])) })),
})

export type Advisory = z.output<typeof advisorySchema>

/** What the registry knows of production packages; or why it does not say. */
export type Audit = { advisories: Advisory[] } | { silent: string }

/** Asks npm's registry, through npm. */
export async function audit(cwd: string, registry?: string): Promise<Audit> {
  const options = registry === undefined ? [] : ['--registry', registry]
  const npm = spawn('npm', ['audit', '--omit=dev', '--json', ...options], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return readAudit(await text(npm.stdout))
}

/** What npm printed. Pure. */
export function readAudit(printed: string): Audit {
  const json = parse(printed)
  const report = reportSchema.safeParse(json)
  if (report.success) {
    const via = Object.values(report.data.vulnerabilities).flatMap((each) => each.via)
    const advisories = via.filter((each) => typeof each !== 'string')
    return { advisories: [...new Map(advisories.map((each) => [`${each.url} ${each.name}`, each])).values()] }
  }
  const failure = z.object({ message: z.string() }).safeParse(json)
  return { silent: failure.success ? failure.data.message : 'npm audit printed nothing that could be read' }
}

function parse(printed: string): unknown {
  try {
    return JSON.parse(printed)
  } catch {
    return undefined
  }
}

const serious = ['high', 'critical']

/** What is wrong with what the registry knows, a line each; `today` as 2026-01-31. Pure. */
export function auditProblems(advisories: readonly Advisory[], policy: Policy, today: string): string[] {
  const { advisoryExceptions } = policy
  const idOf = ({ url }: Advisory) => url.split('/').at(-1) ?? url
  const isExcepted = (each: Advisory) =>
    advisoryExceptions.some(({ id, until }) => id === idOf(each) && until >= today)
  const unused = advisoryExceptions.filter(({ id }) => !advisories.some((each) => idOf(each) === id))
  return [
    ...advisories
      .filter((each) => serious.includes(each.severity) && !isExcepted(each))
      .map(({ name, range, severity, title, url }) => `${name} ${range} (${severity}): ${title}. ${url}`),
    ...unused.map(({ id }) => `The exception for ${id} is for nothing that is known any more: take it away.`),
  ]
}
