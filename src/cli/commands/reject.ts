import type { Command } from 'commander'
import { verdictCommand } from './verdicts.ts'

/** `livraison reject`: ends a deployment that waits for approvals. */
export function rejectCommand(program: Command): void {
  verdictCommand(program, {
    name: 'reject',
    description: 'reject a deployment that waits for approval, which ends it',
    reason: 'why; it is shown to everybody',
    isReasonNeeded: false,
    example: 'livraison reject 123 --reason "not before the fair"',
  })
}
