import type { ComponentChildren } from 'preact'

/** The head of a page: its one first heading, what leads up to it, and what can be done. */
export function PageHead({
  title,
  above,
  children,
  actions,
}: {
  title: ComponentChildren
  /** Links that lead up: the repository, the environment. */
  above?: ComponentChildren
  /** A sentence below the heading. */
  children?: ComponentChildren
  actions?: ComponentChildren
}) {
  return (
    <div class="head">
      <div class="head-words">
        {above ? <p class="above">{above}</p> : null}
        <h1>{title}</h1>
        {children ? <div class="lead">{children}</div> : null}
      </div>
      {actions ? <div class="actions">{actions}</div> : null}
    </div>
  )
}

/** A part of a page with its heading. */
export function Section({
  id,
  title,
  aside,
  children,
}: {
  id: string
  title: string
  /** What stands at the other end of the heading's line. */
  aside?: ComponentChildren
  children: ComponentChildren
}) {
  return (
    <section class="section" aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

/** Names and what they stand for. */
export function Facts({ facts }: { facts: [name: string, value: ComponentChildren][] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) =>
        value === null || value === undefined ? null : (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

/** What stands where there is nothing to show, and what would change that. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children ? <div>{children}</div> : null}
    </div>
  )
}

/** The way to older entries, and back to the newest. */
export function Pagination({
  address,
  next,
  isFirst,
}: {
  /** The page's own path and query. */
  address: string
  /** Where the next page begins; undefined on the last. */
  next: string | number | undefined
  isFirst: boolean
}) {
  if (next === undefined && isFirst) return null
  return (
    <nav class="pagination" aria-label="Pages">
      {isFirst ? null : <a href={withBefore(address, undefined)}>Newest</a>}
      {next === undefined ? null : (
        <a href={withBefore(address, next)} rel="next">
          Older
        </a>
      )}
    </nav>
  )
}

function withBefore(address: string, before: string | number | undefined): string {
  const url = new URL(address, 'http://any')
  if (before === undefined) url.searchParams.delete('before')
  else url.searchParams.set('before', String(before))
  return `${url.pathname}${url.search}`
}
