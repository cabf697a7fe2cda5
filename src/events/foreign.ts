/** What an event says of who made a deployment. */
export interface MadeBy {
  workflow_run?: unknown
  deployment: {
    creator?: { login: string; type?: string | undefined } | null | undefined
    performed_via_github_app?: { slug?: string | null | undefined } | null | undefined
  }
}

/**
 * Why a deployment is another system's to run; undefined if it is ours. GitHub Actions, and apps and bots, run the
 * deployments that they make themselves.
 */
export function madeByAnother({ workflow_run, deployment }: MadeBy): string | undefined {
  if (workflow_run) return 'A GitHub Actions workflow made this deployment and runs it itself.'
  const app = deployment.performed_via_github_app
  if (app) return `The GitHub App ${app.slug ?? 'of another system'} made this deployment and runs it itself.`
  if (deployment.creator?.type === 'Bot') {
    return `The bot ${deployment.creator.login} made this deployment; bots run their deployments themselves.`
  }
  return undefined
}
