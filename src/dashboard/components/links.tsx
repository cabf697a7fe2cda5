import { useShell } from '../shell.ts'

/** A commit, by the seven digits that people know it by, at GitHub. */
export function Sha({ repository, sha }: { repository: string; sha: string }) {
  const { githubUrl } = useShell()
  return (
    <a class="sha" href={`${githubUrl}/${repository}/commit/${sha}`} title={`Commit ${sha} at GitHub`}>
      {sha.slice(0, 7)}
    </a>
  )
}

/** A pull request at GitHub. */
export function PullRequest({ repository, number }: { repository: string; number: number }) {
  const { githubUrl } = useShell()
  return <a href={`${githubUrl}/${repository}/pull/${number}`}>{`#${number}`}</a>
}

/** A deployment's page. */
export function DeploymentLink({ repository, id, text }: { repository: string; id: number; text?: string }) {
  return <a href={deploymentPath(repository, id)}>{text ?? `Deployment ${id}`}</a>
}

export function deploymentPath(repository: string, id: number): string {
  return `/deployments/${repository}/${id}`
}

export function repositoryPath(repository: string): string {
  return `/repositories/${repository}`
}

/** Where the dashboard says why nothing is deployed there. */
export function whyPath(repository: string, environment: string): string {
  return `/why/${repository}/${encodeURIComponent(environment)}`
}
