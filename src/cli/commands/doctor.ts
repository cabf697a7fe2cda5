import type { Command } from 'commander'
import type { Finding } from '../doctor/finding.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples } from '../options.ts'
import { isRepository } from '../place.ts'
import { paint, print, printJson, type Style } from '../terminal.ts'

interface DoctorOptions {
  json?: boolean
  fix?: boolean
  repository?: string
}

/** `livraison doctor`: what is wrong here, and what to do about it. */
export function doctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('look for what is wrong with the settings, the server, Redis, GitHub and this machine')
    .option('--fix', 'mend what can be mended without losing anything: webhooks, the folder of the cache')
    .option('-R, --repository <owner/name>', 'look at this one only; else at those in livraison.yml')
    .option('--json', 'print what was found as JSON')
    .action(async ({ json, fix = false, repository }: DoctorOptions) => {
      if (repository !== undefined && !isRepository(repository)) {
        throw new Stop(exitStatus.askedWrongly, `"${repository}" is no repository: write it as in acme/shop.`)
      }
      const { examine } = await import('../doctor/examine.ts')
      const findings: Finding[] = []
      for await (const finding of examine({ fix, repository })) {
        findings.push(finding)
        if (!json) tell(finding)
      }
      if (json) printJson(findings)
      if (findings.some(({ level }) => level === 'fail')) {
        throw new Stop(exitStatus.refused, 'Something is wrong; the lines marked fail say what to do.')
      }
    })
  withExamples(
    command,
    'livraison doctor',
    'livraison doctor --fix',
    'livraison doctor --repository acme/shop --json',
  )
}

const styles: Record<Finding['level'], Style> = { ok: 'green', warn: 'yellow', fail: 'red' }

function tell({ level, of, text, todo, done }: Finding): void {
  print(`${paint(styles[level], level.padEnd(4))}  ${of}: ${text}`)
  if (done !== undefined) print(`      mended: ${done}`)
  if (todo !== undefined) for (const line of todo.split('\n')) print(`      ${line}`)
}
