import type { PresentedToken } from '../api/schema/access.ts'
import type { PresentedEntry } from '../api/schema/audit.ts'
import type { PresentedChannel } from '../api/schema/channel.ts'
import type { PresentedArrival } from '../api/schema/delivery.ts'
import type { PresentedDeployment, TimelineEntry } from '../api/schema/deployment.ts'
import type { PresentedLane } from '../api/schema/lane.ts'
import type { PresentedFreeze, PresentedLock } from '../api/schema/place.ts'

export type { MadeToken, Me } from '../api/schema/access.ts'
export type { Explanation } from '../api/schema/explanation.ts'
export type { PresentedAsked as Asked, PresentedRequest as RequestAnswer } from '../api/schema/operation.ts'
export type { WorkersAnswer } from '../api/schema/worker.ts'

/* What the API answers, as far as the command line reads it. What an older server leaves out is optional. */

/** A deployment; `usualSeconds` is how long a success in its environment usually takes. */
export type ShownDeployment = PresentedDeployment & { usualSeconds?: number | null }

export interface DeploymentPage {
  deployments: ShownDeployment[]
  next: string | null
}

export type DeploymentDetail = ShownDeployment & {
  statuses: { state: string; description: string; at: string | null }[]
  timeline: TimelineEntry[]
}

export interface ChannelList {
  channels: PresentedChannel[]
}

export type Arrival = PresentedArrival

export interface DeliveryPage {
  deliveries: Arrival[]
  next: string | null
}

/** What an operation that was done says. */
export interface Done {
  text: string
}

/** What there is to see of an environment. */
export type ShownLane = PresentedLane

export interface OverviewAnswer {
  environments: ShownLane[]
}

export type ShownLock = PresentedLock

export interface LocksAnswer {
  locks: ShownLock[]
}

export type ShownFreeze = PresentedFreeze

export interface FreezesAnswer {
  freezes: ShownFreeze[]
}

export type ShownToken = PresentedToken

export interface TokensAnswer {
  tokens: ShownToken[]
}

/** Something that was done, or refused. */
export type Entry = PresentedEntry

export interface AuditPage {
  entries: Entry[]
}
