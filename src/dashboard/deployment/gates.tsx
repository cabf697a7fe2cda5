import { Section } from '../components/page.tsx'
import { Time } from '../components/time.tsx'

/** Why a deployment has not begun, or what it does: sentences of the same making as those of `/api/why`. */
export interface Standing {
  /** The one that says all. */
  text: string
  /** Each thing that holds it back. */
  reasons: string[]
  since?: string | null
}

/** What a deployment that is not over does or waits for. */
export function Gates({ standing, whyAddress }: { standing: Standing[]; whyAddress: string }) {
  if (standing.length === 0) return null
  return (
    <Section id="now" title="Now">
      <div class="card gates">
        {standing.map(({ text, reasons, since }) => (
          <div>
            {reasons.length > 1 ? <Reasons reasons={reasons} /> : <p>{text}</p>}
            {since ? (
              <p class="quiet">
                Since <Time at={since} />
              </p>
            ) : null}
          </div>
        ))}
        <p>
          <a href={whyAddress}>Everything about this environment</a>
        </p>
      </div>
    </Section>
  )
}

function Reasons({ reasons }: { reasons: string[] }) {
  return (
    <>
      <p>{`It is held back by ${reasons.length} things:`}</p>
      <ul class="bullets">
        {reasons.map((reason) => (
          <li>{reason}</li>
        ))}
      </ul>
    </>
  )
}
