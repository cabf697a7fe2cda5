import { spawn } from 'node:child_process'

/** Has the desktop show an address, if there is one; it stands on the terminal in any case. */
export function showInBrowser(address: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open'
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
