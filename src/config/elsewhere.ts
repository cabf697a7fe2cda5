import { hasAll, isUsual, type Labels, toLabels } from '../jobs/labels.ts'
import { type Fault, valueAt } from './describe-issue.ts'
import type { Path } from './problem.ts'
import type { EnvironmentRules } from './rules.ts'
import type { Substituted } from './variables.ts'

/*
 * What asks for workers of certain labels (`runs_on`) is only ever done by those: the secrets that its work needs need not be
 * in the environment of any other process. What lacks them is read all the same there, without the work itself.
 */

/** Of an environment or a check, what only the worker that does the work reads. */
const work = ['run', 'env', 'request', 'use', 'with', 'verify']
/** And what goes with it. */
const limits = ['inactivity', 'timeout']

/** Something whose work is done elsewhere, and the variables that it needs there and are not set here. */
interface Elsewhere {
  path: Path
  missing: string[]
}

export interface WithoutElsewhere {
  /** The tree, where what is done elsewhere has no work that lacks something. */
  value: unknown
  /** The complaints that are left. */
  problems: Fault[]
  /** The names of the variables that something done elsewhere lacks here; empty if it lacks none, or is not done elsewhere. */
  missing(path: Path): string[]
}

/**
 * Takes out what a process cannot read and never does.
 *
 * @param labels those of the process; none if it does no work at all
 */
export function leaveElsewhere(
  { value, problems }: Substituted,
  written: unknown,
  labels: Labels,
): WithoutElsewhere {
  const found: Elsewhere[] = []
  const left = problems.filter(({ path, missing }) => {
    const place = placeOf(path)
    const isLeft =
      missing === undefined || place === undefined || !isElsewhere(valueAt(written, place), labels)
    if (!isLeft) add(found, place, missing)
    return isLeft
  })
  const pruned = found.reduce((tree, { path }) => setAt(tree, path, withoutWork(valueAt(tree, path))), value)
  return {
    value: pruned,
    problems: left.map(({ path, message }) => ({ path, at: 'value', message })),
    missing: (path) => found.find((each) => isSame(each.path, path))?.missing ?? [],
  }
}

/** The environment or the check that a path leads into the work of. */
function placeOf(path: Path): Path | undefined {
  const [top, , list, , key] = path
  const isWork = top === 'repositories' && (list === 'environments' || list === 'checks')
  return isWork && work.includes(String(key)) ? path.slice(0, 4) : undefined
}

function isElsewhere(entry: unknown, labels: Labels): boolean {
  const asked = valueAt(entry, ['runs_on'])
  const needed = toLabels([asked].flat().filter((each) => typeof each === 'string'))
  return !isUsual(needed) && !hasAll(labels, needed)
}

function add(found: Elsewhere[], path: Path, name: string): void {
  const known = found.find((each) => isSame(each.path, path))
  if (known === undefined) found.push({ path, missing: [name] })
  else if (!known.missing.includes(name)) known.missing.push(name)
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((step, index) => step === other[index])
}

/** Something that the grammar takes: its rules never come to be used. */
function withoutWork(entry: unknown): unknown {
  const kept = Object.entries(entry ?? {}).filter(([key]) => ![...work, ...limits].includes(key))
  const isCheck = valueAt(entry, ['context']) !== undefined
  return Object.fromEntries([...kept, isCheck ? ['run', 'exit 1'] : ['simulate', '0s']])
}

function setAt(tree: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value
  if (Array.isArray(tree)) {
    return tree.map((item, index) => (index === step ? setAt(item, rest, value) : item))
  }
  const entries = Object.entries(tree ?? {})
  return Object.fromEntries(
    entries.map(([key, item]) => [key, key === step ? setAt(item, rest, value) : item]),
  )
}

/** The rules of an environment whose work is done elsewhere. `written` is its entry as it was written. */
export function doneElsewhere(
  rules: EnvironmentRules,
  missing: readonly string[],
  written: unknown,
): EnvironmentRules {
  if (missing.length === 0) return rules
  const isSet = (key: string) => valueAt(written, [key]) !== undefined
  const onWorkerLoss = isSet('on_worker_loss') || isSet('request') ? rules.onWorkerLoss : 'fail'
  return { ...rules, executor: { kind: 'elsewhere', missing }, onWorkerLoss }
}
