import type { Role } from '../access/role.ts'
import type { presentArrival } from '../api/deliveries.ts'
import type { presentLane } from '../api/overview.ts'
import type { PresentedDeployment } from '../api/present-deployment.ts'
import type { TimelineEntry } from '../api/timeline.ts'
import type { explain } from '../api/why/explain.ts'
import type { Scope } from '../locks/scope.ts'

/** What the API answers, as far as the command line reads it. What an older server leaves out is optional. */

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
export interface RequestAnswer {
  id: string
  deployment?: number | null
  /** Why none was made. */
  refused?: string | null
  /** What it waits for before one is made. */
  waitsFor?: string | null
}

/** A lock as the API shows it. */
export interface ShownLock {
  id: string
  scope: Scope
  owner: string
  reason: string
  since: string | number
  expiresAt?: string | number | null
  kind: 'hard' | 'soft'
  ownerMayDeploy?: boolean
}

export interface ShownFreeze {
  id: string
  scope: Scope
  from: string | number
  until: string | number
  reason: string
  by: string
}

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
