/**
 * What the task of a GitHub deployment asks for if it asks for no deployment: Heaven's `deploy:lock` and `deploy:unlock`, which
 * hubot-deploy writes so whatever prefix it is told. Undefined if it is to be deployed. Pure.
 */
export function lockTaskOf(task: string): 'lock' | 'unlock' | undefined {
  if (task === 'deploy:lock') return 'lock'
  return task === 'deploy:unlock' ? 'unlock' : undefined
}
