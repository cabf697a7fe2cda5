import type { Client } from './client.ts'
import { readEvents } from './read-events.ts'

/** A line of a log, with its id. */
export interface LogLine {
  id: string
  text: string
}

/** The lines of a deployment's log as they are written. Gives the state that the deployment ended with; undefined at the signal. */
export async function* followLog(
  client: Client,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<LogLine, string | undefined> {
  for await (const { id, event, data } of readEvents(client, path, signal)) {
    if (event === 'end') return stateOf(data)
    yield { id: id ?? '', text: data }
  }
  return undefined
}

function stateOf(data: string): string | undefined {
  const { state }: { state: string | null } = JSON.parse(data)
  return state ?? undefined
}
