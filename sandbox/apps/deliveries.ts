import type { Answer, Call } from '../api.ts'
import { presentDelivery } from '../present/hook.ts'
import type { Delivery, Hook } from '../state.ts'

/** One page of a hook's deliveries that have ended, newest first. */
export function answerDeliveries(call: Call, hook: Hook): Answer {
  const { cursor, per_page = '30', status } = call.query
  const fitting = hook.deliveries
    .filter((delivery) => delivery.status !== null && (!cursor || delivery.id < Number(cursor)))
    .filter((delivery) => !status || (delivery.status === 'OK') === (status === 'success'))
    .sort((a, b) => b.id - a.id)
  const items = fitting.slice(0, Math.min(100, Number(per_page)))
  const body = items.map(present)
  const last = items.at(-1)
  if (!last || items.length === fitting.length) return { status: 200, body }
  const query = new URLSearchParams({ ...call.query, cursor: String(last.id) })
  return { status: 200, body, headers: { link: `<${call.apiUrl}${call.path}?${query}>; rel="next"` } }
}

/** A delivery of an App's hook may be about no repository. */
function present(delivery: Delivery) {
  const { installation } = (delivery.payload ?? {}) as { installation?: { id: number } }
  const shown = presentDelivery(delivery)
  return { ...shown, installation_id: installation?.id ?? null, repository_id: shown.repository_id || null }
}
