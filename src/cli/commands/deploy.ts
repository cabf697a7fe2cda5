import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Asked } from '../answers.ts'
import { type Asking, type Client, connect } from '../client.ts'
import { chooseEnvironment, lanesOf } from '../environments.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples, withReason, withRepository, withWait } from '../options.ts'
import { type PlaceOptions, splitOf } from '../place.ts'
import { tellOrWait, type WaitOptions } from '../wait/wait.ts'

interface Options extends PlaceOptions, WaitOptions {
  force?: boolean
  reason?: string
  description?: string
  payload?: string
}

/** The name that git has for the newest commit of a repository's default branch. */
const defaultBranch = 'HEAD'
const againMs = 500

/** `livraison deploy`: deploys a branch, a tag or a commit. */
export function deployCommand(program: Command): void {
  const command = program
    .command('deploy')
    .description('deploy a branch, a tag or a commit')
    .argument('[repository]', 'as in acme/shop')
    .argument('[ref]', 'the branch, tag or sha; else the default branch')
    .argument('[environment]', 'as in production; the only one, if there is one only')
    .option('--force', 'pass soft locks, windows and freezes; needs a reason')
    .option('--description <text>', 'what GitHub shows of it')
    .option('--payload <json>', 'an object that the deployment carries')
    .action(async (...given: [string?, string?, string?, Options?]) => {
      const [first, second, third, options = { timeout: '1h' }] = given
      await deploy([first, second, third], options)
    })
  withExamples(
    withWait(withReason(withRepository(command), 'why; needed with --force, and announced')),
    'livraison deploy acme/shop main production',
    'livraison deploy acme/shop production     # the default branch',
    'livraison deploy v1.4.2 production        # in a checkout',
    'livraison deploy acme/shop fix-cart staging --no-wait --json',
    'livraison deploy acme/shop main production --force --reason "customers cannot pay"',
  )
}

async function deploy(words: (string | undefined)[], options: Options): Promise<void> {
  const { force, reason, description } = options
  if (force && reason === undefined) throw new Stop(exitStatus.askedWrongly, '--force needs a --reason.')
  const payload = options.payload === undefined ? undefined : readPayload(options.payload)
  const client = await connect()
  const { repository, rest } = await splitOf(client, words, options)
  const [ref, named] = rest.length === 1 ? await whichOf(rest[0]) : rest
  const environment = await chooseEnvironment(client, repository, named)
  const wish: Asking = {
    method: 'POST',
    headers: { 'idempotency-key': randomUUID() },
    body: { repository, ref: ref ?? defaultBranch, environment, description, payload, force, reason },
  }
  await tellOrWait(client, await askTwice(client, wish), options)

  /** A single word is an environment if there is one of that name, else a ref. */
  async function whichOf(word: string | undefined): Promise<[string | undefined, string | undefined]> {
    const lanes = await lanesOf(client, repository)
    return lanes.some(({ environment }) => environment === word) ? [undefined, word] : [word, undefined]
  }
}

/** Should the connection break, the server may have heard us: by its key, asking again is the same wish. */
async function askTwice(client: Client, wish: Asking): Promise<Asked> {
  try {
    return await client.ask<Asked>('/deployments', wish)
  } catch (error) {
    if (!(error instanceof Stop) || error.status !== exitStatus.unreachable) throw error
    await sleep(againMs)
    return client.ask<Asked>('/deployments', wish)
  }
}

function readPayload(text: string): object {
  try {
    const payload: unknown = JSON.parse(text)
    if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload
  } catch {
    // It is told below, like everything else that is no object.
  }
  throw new Stop(exitStatus.askedWrongly, '--payload takes a JSON object, such as {"reindex":true}.')
}
