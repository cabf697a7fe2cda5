import { checkTemplate } from '../notices/template.ts'
import { checkNotify, checkPeople } from './check-notify.ts'
import { checkRequest } from './check-request.ts'
import { checkApprovals, checkFreezes, checkWindows } from './check-times.ts'
import { type Fault, quote, valueAt } from './describe-issue.ts'
import { readDuration } from './duration.ts'
import type { Path } from './problem.ts'
import { closest } from './spelling.ts'

/*
 * What the parts of the file ask for as a whole. It reads the tree as it is, right or wrong, so that what is wrong
 * elsewhere hides nothing here.
 */

type Loose = Record<string, unknown>

const executors = ['simulate', 'run', 'request', 'use'] as const
type ExecutorKey = (typeof executors)[number]

/** What can only be said of some executors. */
const belongings: Record<string, readonly ExecutorKey[]> = {
  env: ['run'],
  inactivity: ['run'],
  with: ['use'],
  timeout: ['run', 'request', 'use'],
}

const ofOurs = [
  ...Object.keys(belongings),
  ...['after', 'paths', 'verify', 'rollback', 'pull_requests', 'on_worker_loss'],
]

/** GitHub's own limits on names of accounts and repositories, with * and ? for any letters. */
const repositoryName = /^[\w.*?-]+\/[\w.*?-]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for.
const unfitForName = /[\x00-\x1f\x7f\p{Surrogate}]/u

/** The faults of the whole tree. `written` is the same before anything was put in from the environment. */
export function checkMeaning(tree: unknown, written: unknown): Fault[] {
  const repositories = entriesAt(tree, ['repositories'])
  return [
    ...twice(['repositories'], repositories),
    ...checkFreezes(['freezes'], valueAt(tree, ['freezes'])),
    ...checkNotify(['notify'], valueAt(tree, ['notify']), checkTemplate),
    ...checkPeople(['people'], valueAt(tree, ['people'])),
    ...repositories.flatMap(([name, repository]) => {
      const path: Path = ['repositories', name]
      const environments = entriesAt(repository, ['environments'])
      const environmentsPath = [...path, 'environments']
      return [
        ...(repositoryName.test(name)
          ? []
          : [atKey(path, 'must be OWNER/NAME; * and ? may stand for letters')]),
        ...twice(environmentsPath, environments),
        ...environments.flatMap(([each, entry]) => checkEnvironment([...environmentsPath, each], entry)),
        ...checkOrder(environmentsPath, environments, written),
        ...checkContexts(path, repository),
        ...checkFreezes([...path, 'freezes'], repository.freezes),
        ...checkNotify([...path, 'notify'], repository.notify, checkTemplate),
      ]
    }),
  ]
}

function checkEnvironment(path: Path, entry: Loose): Fault[] {
  const name = String(path.at(-1))
  const named = executors.filter((key) => entry[key] !== undefined)
  const faults: Fault[] = []
  if (name.trim() === '' || name.length > 255 || unfitForName.test(name)) {
    faults.push(atKey(path, 'must be a name of at most 255 characters'))
  }
  if (named.length === 0 && entry.actions !== undefined) {
    faults.push(...checkOnlyActions(path, entry))
  } else if (named.length !== 1) {
    const which = named.length === 0 ? 'names none' : `names ${named.join(' and ')}`
    faults.push(atKey(path, `must name exactly one of ${executors.join(', ')}; it ${which}`))
  }
  for (const [key, owners] of Object.entries(belongings)) {
    if (entry[key] === undefined || named.length === 0 || owners.some((owner) => named.includes(owner)))
      continue
    faults.push(atKey([...path, key], `goes with ${owners.join(', ')} only`))
  }
  if (entry.tags !== undefined && entry.on !== 'tag') {
    faults.push(atKey([...path, 'tags'], 'goes with `on: tag` only'))
  }
  if (entry.paths !== undefined && entry.on === 'manual') {
    faults.push(
      atKey([...path, 'paths'], 'means nothing with `on: manual`: what somebody deploys is deployed'),
    )
  }
  return [
    ...faults,
    ...checkRequest([...path, 'request'], entry.request, entry.timeout),
    ...checkVerify([...path, 'verify'], entry.verify),
    ...checkApprovals([...path, 'approvals'], entry.approvals),
    ...checkWindows([...path, 'windows'], entry.windows),
    ...checkFreezes([...path, 'freezes'], entry.freezes),
  ]
}

/** Where only GitHub Actions deploys, nothing can be said of deployments that are made or run by us. */
function checkOnlyActions(path: Path, entry: Loose): Fault[] {
  const needs = `needs something that deploys beside \`actions\`: one of ${executors.join(', ')}`
  return [
    ...(entry.on === undefined || entry.on === 'manual' ? [] : [atKey([...path, 'on'], needs)]),
    ...ofOurs.filter((key) => entry[key] !== undefined).map((key) => atKey([...path, key], needs)),
  ]
}

function checkVerify(path: Path, verify: unknown): Fault[] {
  if (!isMapping(verify)) return []
  const { url, within = '1m', every } = verify
  const faults: Fault[] = []
  const address = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  if (address?.username || address?.password) {
    faults.push(atValue([...path, 'url'], 'holds a user or password: what is asked must need neither'))
  }
  if (msOf(every) > msOf(within)) {
    faults.push(atKey([...path, 'every'], 'is longer than within: it would be asked once only'))
  }
  return faults
}

/** Of what is no duration, the grammar says so. */
function msOf(value: unknown): number {
  return (typeof value === 'string' ? readDuration(value) : undefined) ?? Number.NaN
}

/** `on` must fit `after`, and `after` must lead somewhere. */
function checkOrder(path: Path, environments: [string, Loose][], written: unknown): Fault[] {
  const names = environments.map(([name]) => name)
  const afterOf = new Map(environments.map(([name, { after }]) => [name.toLowerCase(), lower(after)]))
  return environments.flatMap(([name, { on, after }]) => {
    const at = (key: string): Path => [...path, name, key]
    if (after === undefined) {
      if (on !== 'promotion') return []
      return [atValue(at('on'), 'is promotion, so `after` must name the environment that is promoted')]
    }
    const faults: Fault[] = []
    if (on !== undefined && on !== 'promotion') {
      faults.push(atValue(at('on'), 'must be promotion, or be left out, where `after` is set'))
    }
    if (typeof after !== 'string') return faults
    if (!afterOf.has(after.toLowerCase())) {
      const meant = closest(after, names)
      const hint = meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`
      const what = quote(valueAt(written, at('after')))
      faults.push(atValue(at('after'), `must name an environment of this repository, not ${what}; ${hint}`))
    } else if (leadsBack(name.toLowerCase(), afterOf)) {
      faults.push(atValue(at('after'), `leads back to ${name}: nothing would ever begin`))
    }
    return faults
  })
}

function leadsBack(name: string, afterOf: Map<string, string | undefined>): boolean {
  const seen = new Set<string>()
  for (let at = afterOf.get(name); at !== undefined && !seen.has(at); at = afterOf.get(at)) {
    if (at === name) return true
    seen.add(at)
  }
  return false
}

/** GitHub takes names that differ in case only for one. */
function twice(path: Path, entries: [string, Loose][]): Fault[] {
  const names = entries.map(([name]) => name)
  return names.flatMap((name, index) => {
    const first = names.findIndex((each) => each.toLowerCase() === name.toLowerCase())
    return first === index
      ? []
      : [atKey([...path, name], `is the same as ${names[first]}: GitHub ignores case`)]
  })
}

/** Two checks of one name would overwrite each other; GitHub ignores case. */
function checkContexts(path: Path, { checks }: Loose): Fault[] {
  if (!Array.isArray(checks)) return []
  const contexts = checks.map((check) => lower(valueAt(check, ['context'])))
  return contexts.flatMap((context, index) =>
    context === undefined || contexts.indexOf(context) === index
      ? []
      : [atValue([...path, 'checks', index, 'context'], 'is the name of another check, too')],
  )
}

/** The entries of a mapping whose values are mappings; what is empty counts as an empty one. */
function entriesAt(tree: unknown, path: Path): [string, Loose][] {
  const holder = valueAt(tree, path)
  if (!isMapping(holder)) return []
  return Object.entries(holder).map(([name, value]) => [name, isMapping(value) ? value : {}])
}

function isMapping(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function lower(value: unknown): string | undefined {
  return typeof value === 'string' ? value.toLowerCase() : undefined
}

function atKey(path: Path, message: string): Fault {
  return { path, at: 'key', message }
}

function atValue(path: Path, message: string): Fault {
  return { path, at: 'value', message }
}
