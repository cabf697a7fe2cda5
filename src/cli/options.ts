import type { Command } from 'commander'

/** Options that several commands have, and the examples at the end of their help. */

export function withJson(command: Command): Command {
  return command.option('--json', "print the server's answer as JSON")
}

export function withRepository(command: Command): Command {
  return command.option(
    '-R, --repository <owner/name>',
    'the repository; else the first argument, else the origin of the current folder',
  )
}

export function withReason(command: Command, what = 'why; it is shown to everybody'): Command {
  return command.option('-m, --reason <text>', what)
}

export function withWait(command: Command): Command {
  return withJson(
    command
      .option('--wait', 'wait for the end of the deployment; the default on a terminal')
      .option('--no-wait', 'only ask for it; the default elsewhere')
      .option('--timeout <duration>', 'wait no longer than this', '1h')
      .option('--logs', 'show its log while waiting'),
  )
}

/** What a command looks like when it is used. */
export function withExamples(command: Command, ...examples: string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`)
}
