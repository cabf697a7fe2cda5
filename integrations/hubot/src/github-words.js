/**
 * What is read of GitHub's answers. Whoever uses a list looks first whether it is one.
 *
 * @typedef {{ id?: number, message?: string, default_branch?: string, errors?: unknown, environments?: unknown }} GitHubBody
 */

/**
 * What GitHub's answer to a deployment that is to be made means, in words. All of it is pure.
 *
 * @see https://docs.github.com/en/rest/deployments/deployments#create-a-deployment
 *
 * @param {{ status: number, body: GitHubBody }} answer
 * @param {{ repository: string, environment: string, task: string, ref: string, contexts?: string[] | undefined }} asked
 * @returns {string[]}
 */
export function wordsOfAnswer({ status, body }, asked) {
  const { repository, environment, task, ref } = asked
  const said = typeof body?.message === 'string' ? body.message.replace(/\.+$/, '') : ''
  const github = said === '' ? '' : ` GitHub says: ${said}.`
  switch (status) {
    case 201: {
      const what = task === 'deploy' ? 'Deployment' : `${task}, deployment`
      return [`${what} #${body.id} of ${ref} of ${repository} to ${environment} is made.`]
    }
    case 202:
      return [
        `Nothing is deployed yet: GitHub has merged the default branch of ${repository} into ${ref} instead.${github}`,
        `Ask again once the checks of the merge are green, or put "auto_merge": false into apps.json.`,
      ]
    case 401:
      return [
        `GitHub does not know the token any more: renew HUBOT_GITHUB_TOKEN, or github_token in apps.json.`,
      ]
    case 403:
    case 429:
      return [`GitHub does not let this token do that, or was asked too often.${github}`]
    case 404:
      return [
        `Deployments of ${repository} cannot be made: there is no such repository, or the token may not write its deployments (scope repo_deployment, or deployments: write).`,
      ]
    case 409:
      return conflictWords(said, body, asked)
    case 422:
      return [
        `GitHub cannot make that deployment: is there a branch, tag or commit ${ref} in ${repository}?${github}`,
      ]
    default:
      return [`GitHub did not make the deployment: it answered ${status}.${github}`]
  }
}

/**
 * @param {string} said @param {any} body
 * @param {{ repository: string, ref: string, contexts?: string[] | undefined }} asked
 */
function conflictWords(said, body, { repository, ref, contexts }) {
  const failed = contextsIn(body, contexts)
  if (failed.length > 0) {
    return [
      `${ref} of ${repository} is not deployed: its checks are not green. Unmet: ${failed.join(', ')}.`,
      'Wait for them, or mend them; deploy! deploys without them.',
    ]
  }
  if (/conflict merging/i.test(said)) {
    return [
      `${ref} of ${repository} is not deployed: the default branch cannot be merged into it. ${said}.`,
      'Merge it yourself, or put "auto_merge": false into apps.json.',
    ]
  }
  return [`${ref} of ${repository} is not deployed. GitHub says: ${said || 'there is a conflict'}.`]
}

/** Those that are not green, and those that were never reported. @param {GitHubBody} body @param {string[] | undefined} required */
function contextsIn(body, required) {
  const errors = Array.isArray(body?.errors) ? body.errors : []
  const all = errors.flatMap((each) => (Array.isArray(each?.contexts) ? each.contexts : []))
  const named = all.map(({ context }) => String(context))
  const red = all.filter(({ state }) => state !== 'success')
  const isAboutContexts = all.length > 0 || /status checks/i.test(String(body?.message))
  const missing = isAboutContexts ? (required ?? []).filter((each) => !named.includes(each)) : []
  return [...red.map(({ context }) => String(context)), ...missing]
}
