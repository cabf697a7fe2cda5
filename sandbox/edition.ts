import { notFound, Refusal } from './refusal.ts'

/** Which GitHub the sandbox is like. */
export interface Edition {
  /** The version of Enterprise Server; without it, it is like GitHub.com. */
  enterpriseVersion?: string
  /** The scopes of the token, which is a classic one then; without it, the token is fine-grained. */
  scopes?: string
  /** Whether it knows no versions of the API, and answers 400 to whoever names one. */
  refusesApiVersion?: boolean
  /** GitHub's operations (by operationId) that it does not know yet. */
  lacks?: string[]
}

/** Refuses what this edition does not know. @throws {Refusal} */
export function refuseByEdition(
  { refusesApiVersion = false, lacks = [] }: Edition,
  operationId: string,
  apiVersion: unknown,
): void {
  if (refusesApiVersion && apiVersion !== undefined) {
    throw new Refusal(400, `${String(apiVersion)} is not a supported version of the API`)
  }
  if (lacks.includes(operationId)) throw notFound()
}

/**
 * What is in the head of each answer.
 *
 * @see https://docs.github.com/en/enterprise-server@latest/rest/enterprise-admin#version-information
 * @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
 */
export function editionHeaders({ enterpriseVersion, scopes }: Edition): Record<string, string> {
  return {
    ...(enterpriseVersion === undefined ? {} : { 'x-github-enterprise-version': enterpriseVersion }),
    ...(scopes === undefined ? {} : { 'x-oauth-scopes': scopes }),
  }
}

/**
 * What Enterprise Server adds to the head of each delivery.
 *
 * @see https://docs.github.com/en/enterprise-server@latest/webhooks/webhook-events-and-payloads#delivery-headers
 */
export function deliveryHeaders({ enterpriseVersion }: Edition, url: string): Record<string, string> {
  if (enterpriseVersion === undefined) return {}
  return {
    'X-GitHub-Enterprise-Version': enterpriseVersion,
    'X-GitHub-Enterprise-Host': new URL(url).host,
  }
}
