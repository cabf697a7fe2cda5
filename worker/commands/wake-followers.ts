import type { Tools } from '../tools.ts'
import { requestTopic } from './memory.ts'

/** Has those who asked for a deployment in a comment told how it stands now. */
export async function wakeFollowers(deployment: number, { records, commands }: Tools): Promise<void> {
  const request = (await records.read(deployment))?.request
  if (request !== undefined) await commands.wake(requestTopic(request))
}
