import { Command } from 'commander'
import { version } from '../version.ts'
import { approveCommand } from './commands/approve.ts'
import { auditCommand } from './commands/audit.ts'
import { cancelCommand } from './commands/cancel.ts'
import { checkCommand } from './commands/check.ts'
import { completionCommands } from './commands/completion.ts'
import { deliveriesCommand } from './commands/deliveries.ts'
import { deployCommand } from './commands/deploy.ts'
import { deploymentsCommand } from './commands/deployments.ts'
import { doctorCommand } from './commands/doctor.ts'
import { freezeCommand } from './commands/freeze.ts'
import { freezesCommand } from './commands/freezes.ts'
import { importCommand } from './commands/import.ts'
import { lockCommand } from './commands/lock.ts'
import { locksCommand } from './commands/locks.ts'
import { logsCommand } from './commands/logs.ts'
import { openCommand } from './commands/open.ts'
import { overrideCommand } from './commands/override.ts'
import { promoteCommand } from './commands/promote.ts'
import { rejectCommand } from './commands/reject.ts'
import { replayCommand } from './commands/replay.ts'
import { retryCommand } from './commands/retry.ts'
import { rollbackCommand } from './commands/rollback.ts'
import { serverCommand } from './commands/server.ts'
import { setupCommand } from './commands/setup.ts'
import { statusCommand } from './commands/status.ts'
import { thawCommand } from './commands/thaw.ts'
import { tokenCommand } from './commands/token.ts'
import { unlockCommand } from './commands/unlock.ts'
import { whyCommand } from './commands/why.ts'
import { workerCommand } from './commands/worker.ts'
import { workersCommand } from './commands/workers.ts'
import { exitStatusHelp } from './exit-status.ts'

type AddCommand = (program: Command) => void

const groups: [heading: string, commands: AddCommand[]][] = [
  ['See:', [statusCommand, whyCommand, logsCommand, deploymentsCommand, deliveriesCommand, openCommand]],
  ['Deploy:', [deployCommand, promoteCommand, rollbackCommand, retryCommand, cancelCommand]],
  ['Decide:', [approveCommand, rejectCommand, overrideCommand]],
  ['Hold back:', [lockCommand, unlockCommand, locksCommand, freezeCommand, thawCommand, freezesCommand]],
  [
    'Look after it:',
    [doctorCommand, workersCommand, checkCommand, replayCommand, auditCommand, tokenCommand, importCommand],
  ],
  ['Run it:', [setupCommand, serverCommand, workerCommand]],
]

const settingsHelp = `Settings, from the environment or from .env:
  LIVRAISON_URL    where Livraison is; else PUBLIC_URL
  LIVRAISON_TOKEN  your token (livraison token create); else ADMIN_TOKEN`

/** The command `livraison` with all that it can do. */
export function createProgram(): Command {
  const program = withoutCompletion()
  program.commandsGroup('Shell:')
  completionCommands(program, withoutCompletion)
  return program
}

/** Without [options], which nearly all have. */
function subcommandTerm(command: Command): string {
  const parts = command.registeredArguments.map((each) =>
    each.required ? `<${each.name()}>` : `[${each.name()}]`,
  )
  return [command.name(), ...parts].join(' ')
}

function withoutCompletion(): Command {
  const program = new Command('livraison')
    .description('Deployments: see them, start them, stop them, and know why one is not happening.')
    .version(version)
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ subcommandTerm })
    .addHelpText('after', `\n${settingsHelp}\n\n${exitStatusHelp}\n\nlivraison COMMAND --help has examples.`)
  for (const [heading, commands] of groups) {
    program.commandsGroup(heading)
    for (const add of commands) add(program)
  }
  return program
}
