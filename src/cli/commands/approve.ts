import type { Command } from 'commander'
import { verdictCommand } from './verdicts.ts'

/** `livraison approve`: lets a deployment that waits for approvals go on. */
export function approveCommand(program: Command): void {
  verdictCommand(program, {
    name: 'approve',
    description: 'approve a deployment that waits for it',
    reason: 'a comment; it is shown to everybody',
    isReasonNeeded: false,
    example: 'livraison approve 123',
  })
}
