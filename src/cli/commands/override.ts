import type { Command } from 'commander'
import { verdictCommand } from './verdicts.ts'

/** `livraison override`: lets a deployment pass soft locks, windows and freezes. */
export function overrideCommand(program: Command): void {
  verdictCommand(program, {
    name: 'override',
    description: 'let a deployment that waits pass soft locks, windows and freezes, in an emergency',
    reason: 'why; it is announced',
    isReasonNeeded: true,
    example: 'livraison override 123 --reason "customers cannot pay"',
  })
}
