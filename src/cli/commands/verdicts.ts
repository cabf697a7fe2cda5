import type { Command } from 'commander'
import { theUnfinished } from '../../deployments/choose.ts'
import { act, tell } from '../act.ts'
import type { Done } from '../answers.ts'
import { connect } from '../client.ts'
import { withExamples, withJson, withReason, withRepository } from '../options.ts'
import type { PlaceOptions } from '../place.ts'
import { whichDeployment } from '../which.ts'

type Options = PlaceOptions & { reason?: string; json?: boolean }

/** What somebody says of a deployment that waits. */
export interface Verdict {
  name: 'approve' | 'reject' | 'override'
  description: string
  reason: string
  /** Whether it is refused without a reason. */
  isReasonNeeded: boolean
  example: string
}

/** The command that says it. */
export function verdictCommand(program: Command, verdict: Verdict): void {
  const { name: operation, description } = verdict
  const command = program
    .command(operation)
    .description(description)
    .argument('[deployment]', 'its number, or its repository')
    .argument('[environment]', 'the environment that it waits for')
    .action(async (first: string | undefined, environment: string | undefined, options: Options) => {
      const client = await connect()
      const deployment = await whichDeployment(client, [first, environment], options, theUnfinished)
      const { reason } = options
      tell(await act<Done>(client, deployment, { operation, body: { reason } }), options)
    })
  withRepository(command)
  if (verdict.isReasonNeeded) command.requiredOption('-m, --reason <text>', verdict.reason)
  else withReason(command, verdict.reason)
  withExamples(withJson(command), verdict.example)
}
