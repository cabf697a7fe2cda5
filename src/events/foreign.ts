import type { OurAppRules } from '../config/rules.ts'

/** What an event says of who made a deployment. */
export interface MadeBy {
  workflow_run?: unknown
  deployment: {
    creator?: { login: string; type?: string | undefined } | null | undefined
    performed_via_github_app?:
      | { id?: number | undefined; slug?: string | null | undefined }
      | null
      | undefined
  }
}

/**
 * Why a deployment is another system's to run; undefined if it is ours. GitHub Actions, and apps and bots, run the
 * deployments that they make themselves; so do we, where we are one.
 */
export function madeByAnother(
  { workflow_run, deployment }: MadeBy,
  ourApp?: OurAppRules,
): string | undefined {
  if (workflow_run) return 'A GitHub Actions workflow made this deployment and runs it itself.'
  const { creator, performed_via_github_app: app } = deployment
  if (app) {
    if (ourApp !== undefined && app.id === ourApp.id) return undefined
    return `The GitHub App ${app.slug ?? 'of another system'} made this deployment and runs it itself.`
  }
  if (creator?.type === 'Bot' && creator.login !== ourApp?.bot) {
    return `The bot ${creator.login} made this deployment; bots run their deployments themselves.`
  }
  return undefined
}
