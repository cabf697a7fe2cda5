import { ButtonLink } from '../components/form.tsx'
import { Section } from '../components/page.tsx'
import { type LogView, type ShownLine, shownLines } from './log-view.ts'

interface LogProps {
  /** The log's own address: as text, and live. */
  address: string
  view: LogView
  /** Whether lines may still come. */
  isLive: boolean
  /** Whether this is its end, and not an earlier part. */
  isEnd: boolean
}

/** A deployment's log: each line has a number, which is a link to it. */
export function Log({ address, view, isLive, isEnd }: LogProps) {
  const { lines, total } = view
  const first = lines[0]?.number ?? 1
  return (
    <Section id="log" title="Log" aside={<Tools address={address} view={view} isEnd={isEnd} />}>
      {lines.length === 0 && !isLive ? (
        <p class="card quiet">Nothing was written.</p>
      ) : (
        <section
          class="log"
          id="log-box"
          tabindex={0}
          aria-label="Lines of the log"
          data-keep
          data-first={first}
          data-log={isLive && isEnd ? address : ''}
        >
          {first > 1 ? (
            <p class="log-more">
              <a href={`?until=${first - 1}#log`}>{`Earlier lines (1 to ${first - 1})`}</a>
            </p>
          ) : null}
          {isLive ? <p class="log-more log-empty quiet">The log begins when the work does.</p> : null}
          <ol>
            {lines.map((line) => (
              <Line line={line} isFailure={line.number === view.failure} />
            ))}
          </ol>
          {isEnd ? (
            <p id="log-end" class="log-more" />
          ) : (
            <p class="log-more">
              <a href={`?until=${Math.min(total, (lines.at(-1)?.number ?? 0) + shownLines)}#log`}>
                Later lines
              </a>{' '}
              <a href="?#log-end">To the end</a>
            </p>
          )}
        </section>
      )}
    </Section>
  )
}

function Tools({ address, view, isEnd }: { address: string; view: LogView; isEnd: boolean }) {
  const { failure, total } = view
  return (
    <div class="log-tools">
      {total === 0 ? null : <span class="quiet">{total === 1 ? '1 line' : `${total} lines`}</span>}
      {failure === undefined ? null : (
        <ButtonLink kind="danger" href={`#L${failure}`}>
          Jump to the failure
        </ButtonLink>
      )}
      <button type="button" class="button follow" aria-pressed="false" hidden data-log-follow data-keep>
        Follow
      </button>
      {isEnd && total > 0 ? <ButtonLink href="#log-end">End</ButtonLink> : null}
      {total === 0 ? null : (
        <a class="button" href={address} download>
          Raw
        </a>
      )}
    </div>
  )
}

function Line({ line: { id, number, html }, isFailure }: { line: ShownLine; isFailure: boolean }) {
  return (
    <li id={`L${number}`} data-id={id} class={isFailure ? 'culprit' : undefined}>
      <a href={`#L${number}`}>{number}</a>
      {/* The one piece of HTML that Preact does not make: ansi_up has escaped all that the program wrote. */}
      <code dangerouslySetInnerHTML={{ __html: html }} />
    </li>
  )
}
