import { spawn } from 'node:child_process'

/** Runs a program to its end, silently. Throws with the end of what it said if it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    let said = ''
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said = (said + text).slice(-8000)
      })
    }
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(said)
      reject(new Error(`\`${[command, ...args].join(' ')}\` failed (${signal ?? code}):\n${said.trim()}`))
    })
  })
}
