import type { FastifyRequest } from 'fastify'
import type { Operation } from './description/description.ts'
import type { Fault } from './faults.ts'
import { now } from './world.ts'

/** One request of the API as the sandbox remembers it. */
export interface ApiRequest {
  at: number
  method: string
  /** Below the API's root, without the query. */
  path: string
  query: Record<string, string>
  operationId: string | null
  /** 0 while unanswered, and when the connection was cut before an answer. */
  status: number
  /** The scheme only: `token` or `bearer`. */
  authorization: string | null
  userAgent: string | null
  apiVersion: string | null
  body: unknown
  fault: Fault | null
}

/** A request that GitHub's description, or what it says only in words, would refuse whatever the state. */
export interface Violation {
  at: number
  method: string
  path: string
  operationId: string | null
  problems: string[]
}

/** All requests since the start, oldest first. */
export interface ApiLog {
  requests: ApiRequest[]
  violations: Violation[]
}

export function recordRequest(
  log: ApiLog,
  request: FastifyRequest,
  path: string,
  query: Record<string, string>,
  operation: Operation | null,
): ApiRequest {
  const record: ApiRequest = {
    at: now(),
    method: request.method,
    path,
    query,
    operationId: operation?.id ?? null,
    status: 0,
    authorization: request.headers.authorization?.split(' ', 1)[0]?.toLowerCase() ?? null,
    userAgent: request.headers['user-agent'] ?? null,
    apiVersion: request.headers['x-github-api-version']?.toString() ?? null,
    body: undefined,
    fault: null,
  }
  log.requests.push(record)
  return record
}

export function recordViolation(log: ApiLog, request: ApiRequest, problems: string[]): void {
  const { at, method, path, operationId } = request
  log.violations.push({ at, method, path, operationId, problems })
}
