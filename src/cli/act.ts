import type { Asked, Done, ShownDeployment } from './answers.ts'
import type { Client } from './client.ts'
import { print, printJson } from './terminal.ts'
import { deploymentPath } from './which.ts'

/** What is asked of an operation on a deployment. */
export interface Act {
  operation: 'cancel' | 'retry' | 'rollback' | 'promote' | 'approve' | 'reject' | 'override'
  body: Record<string, unknown>
}

/** Has an operation done on a deployment, and gives what the server answers. */
export function act<T extends Done = Asked>(
  client: Client,
  deployment: ShownDeployment,
  { operation, body }: Act,
): Promise<T> {
  return client.ask<T>(deploymentPath(deployment, operation), { method: 'POST', body })
}

/** Prints what was done. */
export function tell(answer: Done, { json }: { json?: boolean }): void {
  if (json) printJson(answer)
  else print(answer.text)
}
