import type { Role } from '../access/role.ts'
import type { presentArrival } from '../api/deliveries.ts'
import type { presentRequest } from '../api/operations/requests.ts'
import type { presentLane } from '../api/overview.ts'
import type { presentDeployment } from '../api/present-deployment.ts'
import type { timelineOf } from '../api/timeline.ts'
import type { explain } from '../api/why/explain.ts'

/** What the API answers, as far as the command line reads it. What an older server leaves out is optional. */

/** A deployment; `usualSeconds` is how long a success in its environment usually takes. */
export type ShownDeployment = ReturnType<typeof presentDeployment> & { usualSeconds?: number | null }

export interface DeploymentPage {
  deployments: ShownDeployment[]
  next: string | null
}

export type DeploymentDetail = ShownDeployment & {
  statuses: { state: string; description: string; at: string | null }[]
  timeline: ReturnType<typeof timelineOf>
}

export type Explanation = ReturnType<typeof explain>

export type Arrival = ReturnType<typeof presentArrival>

export interface DeliveryPage {
  deliveries: Arrival[]
  next: string | null
}

/** What an operation that was done says. */
export interface Done {
  text: string
}

/** A deployment was asked for: its number once GitHub has it. */
export interface Asked extends Done {
  request: string
  repository: string
  environment: string
  sha: string
  deployment?: number
}

/** What became of a wish for a deployment. */
export type RequestAnswer = ReturnType<typeof presentRequest>

/** What there is to see of an environment. */
export type ShownLane = ReturnType<typeof presentLane>

export interface OverviewAnswer {
  environments: ShownLane[]
}

/** Who we are, and what we may do everywhere. */
export interface Me {
  kind: string
  name: string
  role: Role | null
}

export interface ShownToken {
  id: string
  name: string
  role: Role
  repositories?: string[] | null
  createdBy?: string
  createdAt: string | null
  expiresAt?: string | null
  lastUsedAt?: string | null
}

/** A new token. */
export type MadeToken = ShownToken & { secret: string; text: string }
