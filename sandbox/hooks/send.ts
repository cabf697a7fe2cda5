import { createHmac, randomUUID } from 'node:crypto'
import { type Dispatcher, request } from 'undici'
import { deliveryHeaders } from '../edition.ts'
import type { Faults } from '../faults.ts'
import type { Delivery, Hook } from '../state.ts'
import { nextId, now, tell, type World } from '../world.ts'

/** GitHub ends a delivery that is not answered within ten seconds. */
const DELIVERY_LIMIT_MS = 10_000

export interface Sender {
  faults: Faults
  dispatcher: Dispatcher
  /** Aborted when the sandbox closes: ends what is under way. */
  signal: AbortSignal
}

/** Records a delivery of an event to a hook and sends it, without waiting for the outcome. */
export function deliver(
  world: World,
  hook: Hook,
  event: string,
  payload: { action?: string } & Record<string, unknown>,
): Delivery {
  const delivery: Delivery = {
    ...blankDelivery(world, hook),
    event,
    action: payload.action ?? null,
    payload,
  }
  dispatch(world, hook, delivery)
  return delivery
}

/** Sends a delivery again, as a new delivery with the same GUID and payload. */
export function redeliver(world: World, hook: Hook, earlier: Delivery): Delivery {
  const { guid, event, action, payload } = earlier
  const delivery = { ...blankDelivery(world, hook), guid, event, action, payload, redelivery: true }
  dispatch(world, hook, delivery)
  return delivery
}

function dispatch(world: World, hook: Hook, delivery: Delivery): void {
  void world.sendDelivery(hook, delivery)
}

function blankDelivery(world: World, hook: Hook): Delivery {
  return {
    id: nextId(world),
    guid: randomUUID(),
    hookId: hook.id,
    repositoryId: hook.repositoryId,
    event: '',
    action: null,
    redelivery: false,
    at: now(),
    duration: 0,
    status: null,
    statusCode: 0,
    requestHeaders: {},
    payload: null,
    responseHeaders: {},
    responseBody: '',
  }
}

/** Signs and sends one delivery and writes down how it went. Never throws. */
export async function sendDelivery(
  world: World,
  sender: Sender,
  hook: Hook,
  delivery: Delivery,
): Promise<void> {
  const loss = sender.faults.lossOf(delivery.event)
  if (loss === 'unrecorded') return
  const body = encode(hook, delivery.payload)
  delivery.requestHeaders = {
    ...headersOf(hook, delivery, body),
    ...deliveryHeaders(world.edition, world.url),
  }
  hook.deliveries.push(delivery)
  world.deliveries.push(delivery)
  tell(world, { what: 'delivery sent', id: delivery.guid, state: delivery.event })
  const started = now()
  if (loss) delivery.status = 'failed to connect to host'
  else await post(sender, hook, delivery, body)
  delivery.duration = Math.round(now() - started) / 1000
  tell(world, { what: 'delivery answered', id: delivery.guid, state: delivery.status ?? '' })
}

async function post(sender: Sender, hook: Hook, delivery: Delivery, body: Buffer): Promise<void> {
  const limit = AbortSignal.timeout(DELIVERY_LIMIT_MS)
  try {
    const answer = await request(hook.url, {
      method: 'POST',
      headers: delivery.requestHeaders,
      body,
      dispatcher: sender.dispatcher,
      signal: AbortSignal.any([limit, sender.signal]),
    })
    delivery.responseBody = await answer.body.text()
    delivery.statusCode = answer.statusCode
    delivery.responseHeaders = plainHeaders(answer.headers)
    const good = answer.statusCode >= 200 && answer.statusCode < 300
    delivery.status = good ? 'OK' : `Invalid HTTP Response: ${answer.statusCode}`
  } catch (error) {
    delivery.status = limit.aborted ? 'timed out' : 'failed to connect to host'
    delivery.responseBody = error instanceof Error ? error.message : String(error)
  }
}

function encode(hook: Hook, payload: unknown): Buffer {
  const json = JSON.stringify(payload)
  if (hook.contentType === 'json') return Buffer.from(json)
  return Buffer.from(new URLSearchParams({ payload: json }).toString())
}

function headersOf(hook: Hook, delivery: Delivery, body: Buffer): Record<string, string> {
  return {
    Accept: '*/*',
    'Content-Type': hook.contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    'User-Agent': 'GitHub-Hookshot/sandbox',
    'X-GitHub-Delivery': delivery.guid,
    'X-GitHub-Event': delivery.event,
    'X-GitHub-Hook-ID': String(hook.id),
    ...targetOf(hook),
    ...(hook.secret ? signatures(hook.secret, body) : {}),
  }
}

/** What the hook belongs to. */
function targetOf({ appId, repositoryId }: Hook) {
  return {
    'X-GitHub-Hook-Installation-Target-ID': String(appId ?? repositoryId),
    'X-GitHub-Hook-Installation-Target-Type': appId === undefined ? 'repository' : 'integration',
  }
}

/** Both signatures, over the bytes that are sent. */
function signatures(secret: string, body: Buffer): Record<string, string> {
  const digest = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex')
  return { 'X-Hub-Signature': `sha1=${digest('sha1')}`, 'X-Hub-Signature-256': `sha256=${digest('sha256')}` }
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
