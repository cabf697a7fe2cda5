// npm run bench: how fast it is, beside what it is held against, in the same minutes on the same machine.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createFigures } from './bench/figures.ts'
import { goals, judge } from './bench/goals.ts'
import { type Compared, compare, type Reference, toReference } from './bench/guard.ts'
import { nameMachine } from './bench/machine.ts'
import { benchFile } from './bench/processes.ts'
import { machineHere, parts, quickParts, runParts } from './bench/run-parts.ts'
import { goalTable, guardTable, partTables } from './bench/tables.ts'
import { installPackages, packagesAreMissing } from './setup/packages.mjs'
import { stopSignal } from './stop-signals.ts'
import { createUndo } from './undo.ts'

const usage = `npm run bench -- [part ...]     measures all parts, or those that are named: ${Object.keys(parts).join(', ')}

  --rounds N           how often each figure is taken (5)
  --quick              only what the guard needs, compared with bench/reference.json: fails on a loss of more than a third
  --write-reference    with --quick: makes what was found the reference
  --json FILE          where all figures go (bench/results/latest.json)
  --profile DIR        writes processor profiles of our own processes there
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    rounds: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    'write-reference': { type: 'boolean', default: false },
    json: { type: 'string', default: benchFile('results/latest.json') },
    profile: { type: 'string' },
  },
})
const unknown = positionals.filter((name) => !(name in parts))
const figures = createFigures()
const undo = createUndo()
const notes: string[] = []
const broken: string[] = []

if (values.help || unknown.length > 0) {
  console.log(usage)
  process.exitCode = values.help ? 0 : 1
} else {
  try {
    const stopped = stopSignal(() => process.exit(1)).then((signal) => {
      console.error(`Broken off by ${signal}.`)
      return 130
    })
    process.exitCode = await Promise.race([main(), stopped])
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  } finally {
    await undo.all()
    // What was broken off may still wait for a process that is gone.
    process.exit()
  }
}

async function main(): Promise<number> {
  const begun = performance.now()
  if (packagesAreMissing(benchFile('.'))) {
    console.log('Installing what it is measured against (npm ci in bench/) ...')
    await installPackages(benchFile('.'))
  }
  const machine = await machineHere(undo)
  const names = positionals.length > 0 ? positionals : values.quick ? quickParts : Object.keys(parts)
  await run(names)
  const seconds = Math.round((performance.now() - begun) / 1000)
  const compared = values.quick ? await compareAgain() : []
  const judged = judge(goals, figures)
  const json = resolve(values.json)
  mkdirSync(dirname(json), { recursive: true })
  const all = { machine, seconds, notes, goals: judged, compared, figures: figures.all() }
  writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`)
  const isWhole = names.length === Object.keys(parts).length
  const wanted = isWhole ? judged : judged.filter(({ found }) => found)
  tell([
    ...partTables(figures),
    ...['', nameMachine(machine), `It took ${seconds} s. All figures: ${json}`, ...notes],
    ...['', ...goalTable(wanted), ...(values.quick ? ['', ...guardTable(compared)] : [])],
  ])
  if (values['write-reference']) writeReference()
  return broken.length > 0 ? 1 : verdictOf(compared)
}

async function run(names: readonly string[]): Promise<void> {
  const nodeArguments = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${resolve(values.profile)}`] : []
  const { quick } = values
  // Only where somebody watches.
  const say = (line: string) => void (process.stderr.isTTY ? console.error(line) : undefined)
  const note = (line: string) => void notes.push(line)
  const over = (part: string, seconds: number, error: unknown) => {
    console.error(`${part} ${error === undefined ? 'took' : 'BROKE OFF after'} ${seconds} s`)
    if (error === undefined) return
    console.error(error)
    broken.push(part)
  }
  const options = { rounds: Number(values.rounds), quick, nodeArguments, say, note, over }
  await runParts(names, figures, options, undo)
}

/** What seems worse is measured once more before it is believed: a busy machine does not stay so. */
async function compareAgain(): Promise<Compared[]> {
  const reference = readReference()
  const worse = compare(figures, reference).filter(({ verdict }) => verdict === 'worse')
  if (worse.length === 0 || values['write-reference']) return compare(figures, reference)
  notes.push(`Measured once more: ${worse.map(({ name }) => name).join('; ')}.`)
  await run(quickParts.filter((part) => worse.some(({ figure }) => figure.startsWith(`${part}.`))))
  return compare(figures, reference)
}

function verdictOf(compared: Compared[]): number {
  if (compared.some(({ noisy }) => noisy)) {
    tell(['', 'This machine was busy with something else: figures marked noisy are less certain.'])
  }
  const worse = compared.filter(({ verdict }) => verdict === 'worse')
  if (worse.length === 0 || values['write-reference']) return 0
  tell([
    '',
    `More than a third worse than bench/reference.json: ${worse.map(({ name }) => name).join('; ')}.`,
  ])
  return 1
}

function readReference(): Reference {
  try {
    return JSON.parse(readFileSync(benchFile('reference.json'), 'utf8'))
  } catch {
    return {}
  }
}

function writeReference(): void {
  const text = JSON.stringify({ ...readReference(), ...toReference(figures) }, null, 2)
  writeFileSync(benchFile('reference.json'), `${text}\n`)
}

function tell(lines: string[]): void {
  console.log(lines.join('\n'))
}
