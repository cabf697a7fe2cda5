import type { ComponentChildren } from 'preact'
import type { PresentedDeployment } from '../../api/schema/deployment.ts'
import type { explain } from '../../api/why/explain.ts'
import { isFinal } from '../../deployments/record.ts'
import { deploymentPath, repositoryPath } from '../components/links.tsx'
import { PageHead, Section } from '../components/page.tsx'
import { Badge } from '../components/state.tsx'
import { deliveryPath } from '../deliveries/parts.tsx'
import { type Action, actionsFor } from '../deployment/actions.tsx'
import { operationPath } from '../operations/paths.ts'
import { PlaceActions } from '../operations/place-actions.tsx'
import { useMay } from '../shell.ts'

export type Explained = ReturnType<typeof explain>

const mergeTones = { 'at once': 'good', later: 'wait', not: 'quiet' } as const
const mergeWords = { 'at once': 'deployed at once', later: 'deployed later', not: 'not deployed' }

interface ExplanationProps {
  explanation: Explained
  /** The kinds of what holds each deployment back, by its number. */
  holds: ReadonlyMap<number, string[]>
}

/** All that is known of why things are as they are in one environment: the answer first, then the parts of it. */
export function Explanation({ explanation, holds }: ExplanationProps) {
  const { repository, environment, summary, merge, github, workers } = explanation
  return (
    <>
      <PageHead
        above={
          <>
            <a href={repositoryPath(repository)}>{repository}</a> · <a href="/why">another environment</a>
          </>
        }
        title={`Why is ${environment} as it is?`}
        actions={<PlaceActions place={{ repository, environment }} />}
      >
        {summary}
      </PageHead>
      <Section id="merge" title="A merge now">
        <p>
          <Badge tone={mergeTones[merge.deployed]}>{mergeWords[merge.deployed]}</Badge> {merge.text}
        </p>
      </Section>
      <NowSections explanation={explanation} holds={holds} />
      <PastSections {...explanation} />
      <Section id="surroundings" title="What it depends on">
        <ul class="reasons">
          <li>{github ?? 'GitHub is asked as usual.'}</li>
          <li>{workersWords(workers)}</li>
        </ul>
      </Section>
    </>
  )
}

function NowSections({ explanation, holds }: ExplanationProps) {
  const { repository, environment, running, waiting, held, jobs, unsent } = explanation
  const about = aboutDeployment(repository, holds)
  const isQuiet = !running && [waiting, held, jobs, unsent].every((part) => part.length === 0)
  if (isQuiet) {
    return (
      <Section id="now" title="Now">
        <p>Nothing runs, waits or is held back in {environment}.</p>
      </Section>
    )
  }
  return (
    <>
      <Part id="running" title="Runs" of={running ? [running] : []} each={about} />
      <Part id="held" title="Held back" of={held} each={about} />
      <Part id="waiting" title="Waits for its turn" of={waiting} each={about} />
      <Part id="jobs" title="On the way" of={jobs} />
      <Part id="unsent" title="Not yet told to GitHub" of={unsent} each={about} />
    </>
  )
}

function PastSections({ repository, ...parts }: Explained) {
  return (
    <>
      <Part id="merges" title="Waits to be merged" of={parts.merges} />
      <Part id="stopped" title="Stopped by CI" of={parts.stoppedByCi} />
      <Part id="skipped" title="Left out" of={parts.skipped} />
      <Part id="given-up" title="Merges that were given up" of={parts.mergesGivenUp} />
      <Part
        id="refused"
        title="Deliveries that led to nothing"
        of={parts.refused}
        each={({ delivery }) => (delivery === '' ? null : <a href={deliveryPath(delivery)}>Delivery</a>)}
      />
      <Part id="finished" title="Over" of={parts.finished} each={aboutDeployment(repository, noHolds)} />
    </>
  )
}

interface PartProps<T> {
  id: string
  title: string
  of: readonly T[]
  /** Where there is more about one, and what can be done. */
  each?: (one: T) => ComponentChildren
}

/** Sentences of one kind, if there are any. */
function Part<T extends { text: string }>({ id, title, of, each }: PartProps<T>) {
  if (of.length === 0) return null
  return (
    <Section id={id} title={title}>
      <ul class="reasons">
        {of.map((one) => (
          <li>
            <p>{one.text}</p>
            {each ? <p class="links">{each(one)}</p> : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}

const noHolds: ReadonlyMap<number, string[]> = new Map()

/** Where there is more about a deployment, and what can be done about it as long as it is not over. */
function aboutDeployment(repository: string, holds: ReadonlyMap<number, string[]>) {
  return ({ deployment }: { deployment: PresentedDeployment }) => (
    <>
      <a href={deploymentPath(repository, deployment.id)}>Deployment {deployment.id}</a>
      {isFinal(deployment.state)
        ? null
        : actionsFor(deployment, holds.get(deployment.id) ?? [], undefined).map((action) => (
            <ActionLink repository={repository} id={deployment.id} action={action} />
          ))}
    </>
  )
}

function ActionLink({ repository, id, action }: { repository: string; id: number; action: Action }) {
  if (!useMay(action.role)) return null
  return <a href={operationPath(repository, id, action.path)}>{`${action.text} …`}</a>
}

function workersWords(workers: number): string {
  if (workers === 0) return 'No worker runs: nothing is deployed until one is started.'
  return workers === 1 ? 'One worker runs.' : `${workers} workers run.`
}
