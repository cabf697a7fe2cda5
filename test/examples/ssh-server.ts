import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from '../../scripts/free-port.ts'
import { findTestProgram } from '../../scripts/setup/test-programs.mjs'
import { eventually } from '../fixtures/fleet.ts'

export interface SshServer {
  port: number
  /** Who may sign in: the user that the test runs as. */
  user: string
  /** The line of known_hosts for it. */
  knownHosts: string
  /** The private key that it lets in. */
  key: string
  /** A directory to deploy to. */
  root: string
  stop(): Promise<void>
}

/** OpenSSH's real server, with keys of its own, on a free loopback port, until the test ends. */
export async function startSshServer(t: Test): Promise<SshServer> {
  const directory = mkdtempSync(join(tmpdir(), 'livraison-sshd-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const file = (name: string) => join(directory, name)
  const port = await freePort()
  makeKey(file('host_key'))
  makeKey(file('key'))
  mkdirSync(file('root'))
  // Where the server of root confines itself; with systemd, the service makes it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  writeFileSync(
    file('sshd_config'),
    `ListenAddress 127.0.0.1:${port}
HostKey ${file('host_key')}
PidFile none
AuthorizedKeysFile ${file('key.pub')}
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp
`,
  )
  const child = spawn(findTestProgram('sshd') as string, ['-D', '-e', '-f', file('sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const stop = () => end(child)
  t.teardown(stop)
  await eventually(() => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${said}`)
    return answers(port)
  }, 'sshd answers')
  return {
    port,
    user: userInfo().username,
    knownHosts: `[127.0.0.1]:${port} ${publicKey(file('host_key'))}`,
    key: readFileSync(file('key'), 'utf8'),
    root: file('root'),
    stop,
  }
}

function makeKey(file: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file])
}

function publicKey(file: string): string {
  return readFileSync(`${file}.pub`, 'utf8').trim()
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => resolve(true)).once('error', () => resolve(false))
    socket.once('data', () => socket.destroy())
  })
}
