import type { Decision } from './decision.ts'

/** GitHub tries a new hook out. */
export function decidePing(): Decision {
  return { outcome: 'pong' }
}
