import { code, link, plain, row } from '../../src/commands/github-markdown.ts'
import type { DeploymentRecord } from '../../src/deployments/deployment-record.ts'
import { isFinal } from '../../src/deployments/record.ts'
import type { Reaction } from '../../src/github/comments.ts'
import type { CommandInComment } from '../../src/jobs/job.ts'
import { spanText } from '../../src/span-text.ts'
import type { Progress } from './progress.ts'
import type { CommandResult } from './result.ts'
import type { CommandLinks } from './tools.ts'

/** What our comment says now, and, once there is no more to say, how it went. */
export interface Composed {
  /** In Markdown, without the mark. */
  text: string
  /** Undefined: it goes on. */
  reaction?: Reaction
}

export interface ComposeFacts {
  job: CommandInComment
  result: CommandResult
  progress: Progress
  links: CommandLinks
  /** Where the environment can be seen. */
  environmentUrl?: string | undefined
}

/** Our answer to a command, in Markdown in which no text of anybody's does anything. Pure. */
export function compose(facts: ComposeFacts): Composed {
  const { line, by } = facts.job.comment
  const { parts, reaction } = answer(facts)
  const text = [`${code(line)} of ${code(by)}`, ...parts].join('\n\n')
  return { text: cut(text), ...(reaction === undefined ? {} : { reaction }) }
}

interface Answer {
  parts: string[]
  reaction?: Reaction
}

/** @see https://github.com/orgs/community/discussions/27190 65536 is the most that a comment holds */
const longestText = 60_000

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText).replace(/\n[^\n]*$/, '')}\n\n…`
}

function answer(facts: ComposeFacts): Answer {
  const { result } = facts
  switch (result.kind) {
    case 'told': {
      const { text, lines = [], table } = result
      const list = lines.length === 0 ? [] : [lines.map((each) => `- ${plain(each)}`).join('\n')]
      const rows = table === undefined ? [] : [tableOf(table)]
      return { parts: [plain(text), ...list, ...rows], reaction: '+1' }
    }
    case 'refused':
      return { parts: [`**Not done.** ${plain(result.text)}`], reaction: '-1' }
    case 'unclear':
      return { parts: [plain(result.text)], reaction: 'confused' }
    case 'deployment':
    case 'merge':
      return progressOf(facts)
  }
}

function tableOf({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }): string {
  const lines = rows.map((cells) => row(cells.map((cell, index) => (index === 0 ? code(cell) : plain(cell)))))
  return [row(head.map(plain)), row(head.map(() => '---')), ...lines].join('\n')
}

function progressOf(facts: ComposeFacts): Answer {
  const { progress, job, links } = facts
  switch (progress.kind) {
    case 'none':
      return { parts: [] }
    case 'asked': {
      const { waitsFor } = progress
      const wait =
        waitsFor === undefined ? 'No worker has taken it up yet' : `It waits for ${plain(waitsFor)}`
      return { parts: [`**Asked for:** ${whatWords(facts)}. ${wait.replace(/\\?\.$/, '')}.`, ...ways(facts)] }
    }
    case 'not made':
      return { parts: [`**Not deployed:** ${whatWords(facts)}. ${plain(progress.why)}`], reaction: '-1' }
    case 'made':
      return { parts: [`**Asked for:** ${whatWords(facts)}, as deployment ${progress.deployment}.`] }
    case 'deployment':
      return deploymentOf(facts, progress.record, progress.description)
    case 'waits to be merged': {
      const [first, ...more] = progress.reasons
      if (first === undefined) return { parts: ['**To be merged** once all that it needs is there.'] }
      const list = [first, ...more].map((each) => `- ${plain(each)}`).join('\n')
      return { parts: ['**To be merged** once all that it needs is there. What is missing:', list] }
    }
    case 'merged': {
      const { sha } = progress
      return {
        parts: [`**Merged** as ${link(sha.slice(0, 7), links.commit(job.repository, sha))}.`],
        reaction: '+1',
      }
    }
    case 'not merged':
      return { parts: [`**Not merged:** ${plain(progress.why)}.`], reaction: '-1' }
  }
}

function whatWords({ result }: ComposeFacts): string {
  return result.kind === 'deployment' ? `${plain(result.what)}, to ${code(result.environment)}` : ''
}

function deploymentOf(facts: ComposeFacts, record: DeploymentRecord, description: string): Answer {
  const { job, links, environmentUrl } = facts
  const { id, sha, state, environment } = record
  const commit = link(sha.slice(0, 7), links.commit(job.repository, sha))
  const said = description === '' ? [] : [`> ${plain(description)}`]
  const isSeen = state === 'success' && environmentUrl !== undefined
  const seen = isSeen ? [link('See it', environmentUrl)] : []
  const first = `**${stateWords(record)}:** ${commit} to ${code(environment)}, deployment ${link(String(id), links.log(job.repository, id))}.`
  const parts = [first, `${whatWords(facts)}.`, ...said, [...seen, ...linksOf(facts, id)].join(' · ')]
  return isFinal(state) ? { parts, reaction: state === 'success' ? '+1' : '-1' } : { parts }
}

function stateWords({ state, startedAt, finishedAt }: DeploymentRecord): string {
  const took =
    startedAt === undefined || finishedAt === undefined ? '' : ` ${spanText(finishedAt - startedAt)}`
  switch (state) {
    case 'pending':
      return 'Taken up'
    case 'queued':
      return 'Waiting'
    case 'in_progress':
      return 'In progress'
    case 'success':
      return took === '' ? 'Deployed' : `Deployed in${took}`
    case 'failure':
      return took === '' ? 'Failed' : `Failed after${took}`
    case 'error':
      return 'Could not be deployed'
    case 'inactive':
      return 'Not deployed'
  }
}

function linksOf({ job, links, result }: ComposeFacts, id: number): string[] {
  const environment = result.kind === 'deployment' ? result.environment : ''
  return [link('Log', links.log(job.repository, id)), link('Why', links.why(job.repository, environment))]
}

function ways({ job, links, result }: ComposeFacts): string[] {
  return result.kind === 'deployment' ? [link('Why', links.why(job.repository, result.environment))] : []
}
