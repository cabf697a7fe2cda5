import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Sandbox, startSandbox } from '../../../../sandbox/sandbox.ts'
import type { Repository } from '../../../../src/jobs/job.ts'
import { type CommandOptions, runCommand } from '../../../../worker/executors/command/run-command.ts'
import {
  openWorkspace,
  type Workspace,
  type WorkspaceOptions,
} from '../../../../worker/executors/command/workspace.ts'
import type { Outcome, Run } from '../../../../worker/executors/executor.ts'

export interface Bench {
  sandbox: Sandbox
  workspace: Workspace
  /** Where the workspace is. */
  directory: string
  repository: Repository
  /** The last commit of acme/shop. */
  sha(): string
  /** Runs a command for a deployment and gives how it ended and what its log holds. */
  run(command: string, options?: RunOptions): Promise<Outcome & { lines: string[] }>
}

export interface RunOptions extends Partial<Omit<CommandOptions, 'command' | 'workspace'>> {
  workspace?: Workspace
  deployment?: Partial<Run['deployment']>
  repository?: Partial<Repository>
  payload?: unknown
  signal?: AbortSignal
  onLine?: (line: string) => void
}

export const shop = 'acme/shop'

/** A directory that goes with the test. */
export function scratch(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'livraison-command-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** GitHub with the repository acme/shop, and a workspace to run commands in. */
export async function startBench(
  t: Test,
  options: { files?: Record<string, string>; workspace?: Partial<WorkspaceOptions> } = {},
): Promise<Bench> {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const files = options.files ?? { 'README.md': '# shop\n' }
  const { id } = await sandbox.createRepository({ owner: 'acme', name: 'shop', files })
  const directory = scratch(t)
  const workspace = await openBenchWorkspace(t, { directory, serverUrl: sandbox.url, ...options.workspace })
  const repository = { id, owner: 'acme', name: 'shop' }
  const sha = () => sandbox.repository(shop).branches.get('main') ?? ''
  return {
    sandbox,
    workspace,
    directory,
    repository,
    sha,
    run: (command, options = {}) => run(command, { workspace, repository, sha: sha() }, options),
  }
}

/** A workspace as a worker opens it. */
export async function openBenchWorkspace(
  t: Test,
  options: Pick<WorkspaceOptions, 'directory' | 'serverUrl'> & Partial<WorkspaceOptions>,
): Promise<Workspace> {
  const workspace = await openWorkspace({
    token: () => 'sandbox-token',
    hostEnv: { PATH: process.env.PATH ?? '' },
    maxBytes: 1e9,
    ...options,
  })
  t.teardown(() => workspace.close())
  return workspace
}

async function run(
  command: string,
  bench: { workspace: Workspace; repository: Repository; sha: string },
  { workspace, deployment, repository, payload, signal, onLine, ...options }: RunOptions,
): Promise<Outcome & { lines: string[] }> {
  const lines: string[] = []
  const executor = runCommand({
    workspace: workspace ?? bench.workspace,
    command,
    env: {},
    timeoutMs: 30_000,
    graceMs: 1000,
    ...options,
  })
  const outcome = await executor({
    repository: { ...bench.repository, ...repository },
    deployment: { ...someDeployment, sha: bench.sha, ...deployment },
    payload,
    signal: signal ?? new AbortController().signal,
    log(line) {
      lines.push(line)
      onLine?.(line)
    },
  })
  return { ...outcome, lines }
}

const someDeployment: Run['deployment'] = {
  id: 42,
  sha: '',
  ref: 'main',
  task: 'deploy',
  environment: 'production',
  description: '',
  creator: 'octocat',
  createdAt: '2026-01-02T03:04:05Z',
  production: true,
  transient: false,
  deployUser: 'hubot',
  pullRequest: 7,
}
