import type { Repository } from '../state.ts'
import { apiUrlOf, fullNameOf, type World } from '../world.ts'
import { isoSeconds, nodeId, presentUser } from './common.ts'

/** A repository as the API and the webhooks show it. */
export function presentRepository(world: World, repository: Repository) {
  const fullName = fullNameOf(repository)
  const htmlUrl = `${world.url}/${fullName}`
  const openPulls = [...repository.pulls.values()].filter((pull) => pull.state === 'open').length
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: fullName,
    private: false,
    owner: presentUser(world, repository.owner),
    html_url: htmlUrl,
    description: null,
    fork: repository.parent !== null,
    ...addresses(apiUrlOf(world, repository)),
    created_at: isoSeconds(repository.at),
    updated_at: isoSeconds(repository.at),
    pushed_at: isoSeconds(repository.at),
    git_url: `git:${htmlUrl.replace(/^https?:/, '')}.git`,
    ssh_url: `ssh://git@${new URL(world.url).hostname}/${fullName}.git`,
    clone_url: `${htmlUrl}.git`,
    svn_url: htmlUrl,
    mirror_url: null,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    archived: false,
    disabled: false,
    open_issues_count: openPulls,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: 'public',
    forks: 0,
    open_issues: openPulls,
    watchers: 0,
    default_branch: repository.defaultBranch,
  }
}

/** What only `GET /repos/{owner}/{repo}` adds. */
export function presentFullRepository(world: World, repository: Repository) {
  return {
    ...presentRepository(world, repository),
    permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
    allow_squash_merge: repository.mergeMethods.has('squash'),
    allow_merge_commit: repository.mergeMethods.has('merge'),
    allow_rebase_merge: repository.mergeMethods.has('rebase'),
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    network_count: 0,
    subscribers_count: 0,
    ...(repository.parent ? { parent: presentRepository(world, repository.parent) } : {}),
  }
}

function addresses(url: string) {
  return {
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  }
}
