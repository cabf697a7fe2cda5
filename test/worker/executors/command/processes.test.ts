import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { eventually } from '../../../fixtures/fleet.ts'
import { type Bench, openBenchWorkspace, scratch, startBench } from './bench.ts'

/** Whether a process lives (one that has ended and was not collected yet does not). */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const stat = `/proc/${pid}/stat`
  if (!existsSync('/proc/self/stat')) return true
  try {
    const text = readFileSync(stat, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3) !== 'Z'
  } catch {
    return false
  }
}

const gone = (pid: number) => eventually(() => !lives(pid), `process ${pid} is gone`)

/** The process id that a command writes as "pid N". */
const pidOf = (lines: string[]) => Number(lines.find((line) => line.startsWith('pid '))?.slice(4))

t.test('what a command leaves running in its group is killed when it is over', async (t) => {
  const { run } = await startBench(t)
  const { state, lines } = await run('(trap "" TERM; exec sleep 600) & echo pid $!; sleep 601 & exit 0')
  t.equal(state, 'success')
  t.notOk(lives(pidOf(lines)))
})

t.test('what left the group may live on, and does not hold up the run', async (t) => {
  const { run } = await startBench(t)
  const { state, lines } = await run(`setsid sh -c 'echo pid $$; exec sleep 602' & sleep 0.2; echo last`)
  t.equal(state, 'success')
  t.equal(lines.at(-1), 'last')
  const pid = pidOf(lines)
  t.ok(lives(pid), 'it may be what was deployed')
  process.kill(pid, 'SIGKILL')
})

t.test('one that writes for ever after the command has ended is not waited for', async (t) => {
  const { run } = await startBench(t)
  const { state, lines } = await run(`setsid sh -c 'echo pid $$; exec yes' & sleep 0.2`, {
    limits: { lineLength: 100, characters: 1000, lines: 100 },
  })
  t.equal(state, 'success')
  await gone(pidOf(lines))
})

t.test('a command that ignores SIGTERM is killed after its time of grace, with its children', async (t) => {
  const { run } = await startBench(t)
  const began = performance.now()
  const { state, description, lines } = await run(
    'trap "" TERM; sh -c "sleep 603; sleep 604" & echo pid $!; while :; do sleep 1; done',
    { timeoutMs: 300, graceMs: 400 },
  )
  const took = performance.now() - began
  t.equal(state, 'failure')
  t.match(description, /^Stopped after 0\.3 s, its time limit/)
  t.ok(took > 700 && took < 5000, `${took} ms`)
  await gone(pidOf(lines))
})

t.test('children have the time of grace even if the shell goes at once', async (t) => {
  const { run } = await startBench(t)
  const child = `trap 'sleep 0.3; echo tidied up; exit' TERM; echo ready; while :; do sleep 0.05; done`
  const { lines } = await run(`sh -c "$CHILD" & wait; echo`, {
    env: { CHILD: child },
    timeoutMs: 500,
    graceMs: 5000,
  })
  t.equal(lines.at(-1), 'tidied up')
})

t.test('a stopped process is stopped for good', async (t) => {
  const { run } = await startBench(t)
  const { description } = await run('kill -STOP $$', { timeoutMs: 300, graceMs: 5000 })
  t.equal(description, 'Stopped after 0.3 s, its time limit.')
})

t.test('a command that closes its output and lives on has its time, and no more', async (t) => {
  const { run } = await startBench(t)
  t.equal((await run('exec >&- 2>&-; sleep 0.5; exit 4')).description, 'Exit status 4.')
  const late = await run('exec >&- 2>&-; sleep 600', { timeoutMs: 500 })
  t.equal(late.description, 'Stopped after 0.5 s, its time limit.')
})

t.test('a command that kills all it can reach of its own group ends itself only', async (t) => {
  const { run } = await startBench(t)
  t.equal((await run('kill -9 0')).description, 'The command was killed by SIGKILL.')
  t.equal((await run('kill -15 0; sleep 600')).description, 'The command was killed by SIGTERM.')
})

t.test('many children at once leave nothing', async (t) => {
  const { run } = await startBench(t)
  const command = 'for i in $(seq 100); do (sleep 605 & sleep 606 & wait) & echo "pid $!"; done; sleep 607'
  const { lines } = await run(command, { timeoutMs: 1000, graceMs: 500 })
  const pids = lines.filter((line) => line.startsWith('pid ')).map((line) => Number(line.slice(4)))
  t.equal(pids.length, 100)
  for (const pid of pids) await gone(pid)
})

const built = pathToFileURL(`${resolve('dist/worker/executors/command')}/`)

/** A process that runs a command as a worker does, and writes the lines of its log. */
function startWorkerProcess(
  t: Test,
  { sandbox, repository, sha }: Bench,
  directory: string,
  command: string,
) {
  const program = `
    import { openWorkspace } from '${new URL('workspace.js', built)}'
    import { runCommand } from '${new URL('run-command.js', built)}'
    const workspace = await openWorkspace({ directory: ${JSON.stringify(directory)},
      serverUrl: '${sandbox.url}', token: () => 'sandbox-token', hostEnv: { PATH: process.env.PATH }, maxBytes: 1e9 })
    const executor = runCommand({ workspace, command: ${JSON.stringify(command)}, env: {}, timeoutMs: 60000,
      graceMs: 500 })
    await executor({ repository: ${JSON.stringify(repository)}, deployment: { id: 1, sha: '${sha()}', ref: 'main',
      task: 'deploy', environment: 'production', creator: 'octocat' }, signal: new AbortController().signal,
      log: (line) => console.log(line) })
    await workspace.close()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env.PATH },
    cwd: fileURLToPath(new URL('.', built)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  return { child, lines }
}

t.test('if the worker is killed, its command ends too, and the next worker tidies up', async (t) => {
  const bench = await startBench(t)
  const directory = scratch(t)
  const { child, lines } = startWorkerProcess(
    t,
    bench,
    directory,
    'trap "" TERM; sleep 608 & echo pid $!; while :; do sleep 1; done',
  )
  await eventually(() => pidOf(lines), 'the command runs')
  const runs = () => readdirSync(join(directory, 'runs'))
  t.equal(runs().length, 1)
  const second = await openBenchWorkspace(t, { directory, serverUrl: bench.sandbox.url })
  t.equal(runs().length, 1, 'what belongs to a living worker stays')
  child.kill('SIGKILL')
  await once(child, 'close')
  await gone(pidOf(lines))
  await second.close()
  await openBenchWorkspace(t, { directory, serverUrl: bench.sandbox.url })
  t.strictSame(runs(), [])
})

t.test('two workers use one cache at once', async (t) => {
  const bench = await startBench(t)
  const directory = scratch(t)
  const workers = [1, 2, 3].map(() => startWorkerProcess(t, bench, directory, 'git rev-parse HEAD; git fsck'))
  const statuses = await Promise.all(workers.map(({ child }) => once(child, 'close')))
  t.strictSame(statuses, [
    [0, null],
    [0, null],
    [0, null],
  ])
  for (const { lines } of workers) t.equal(lines[2], bench.sha())
  const fetched = workers.filter(({ lines }) => lines[0]?.includes('(fetched)'))
  t.equal(fetched.length, 1, 'one fetched, the others waited for it')
})
