import { spanText } from '../../span-text.ts'

/**
 * A moment, in UTC; the script puts it into the reader's zone and says how long ago it was. Nothing if it is none.
 */
export function Time({ at }: { at: number | string | undefined | null }) {
  const date = at === undefined || at === null ? undefined : new Date(at)
  if (date === undefined || Number.isNaN(date.getTime())) return <span class="quiet">never</span>
  const iso = date.toISOString()
  return (
    <time datetime={iso} title={`${iso.slice(0, 19).replace('T', ' ')} UTC`}>
      {`${iso.slice(0, 16).replace('T', ' ')} UTC`}
    </time>
  )
}

/** How long something has been going on; the script counts on. */
export function Elapsed({ since, nowMs }: { since: number; nowMs: number }) {
  return (
    <span class="elapsed" data-since={new Date(since).toISOString()}>
      {spanText(nowMs - since)}
    </span>
  )
}
