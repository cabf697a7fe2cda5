import type { Command } from 'commander'
import type { Finding } from '../doctor/finding.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples } from '../options.ts'
import { paint, print, printJson, type Style } from '../terminal.ts'

/** `livraison doctor`: what is wrong here, and what to do about it. */
export function doctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('look for what is wrong with the settings, the server, Redis, GitHub and this machine')
    .option('--json', 'print what was found as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { examine } = await import('../doctor/examine.ts')
      const findings: Finding[] = []
      for await (const finding of examine()) {
        findings.push(finding)
        if (!json) tell(finding)
      }
      if (json) printJson(findings)
      if (findings.some(({ level }) => level === 'fail')) {
        throw new Stop(exitStatus.refused, 'Something is wrong; the lines marked fail say what to do.')
      }
    })
  withExamples(command, 'livraison doctor')
}

const styles: Record<Finding['level'], Style> = { ok: 'green', warn: 'yellow', fail: 'red' }

function tell({ level, of, text, todo }: Finding): void {
  print(`${paint(styles[level], level.padEnd(4))}  ${of}: ${text}`)
  if (todo !== undefined) for (const line of todo.split('\n')) print(`      ${line}`)
}
