import { authorOf } from '../acts/repositories.ts'
import type { CommitFacts } from '../git/read.ts'
import type { Repository } from '../state.ts'
import { apiUrlOf, fullNameOf, type World } from '../world.ts'
import { nodeId, presentUser } from './common.ts'

export function presentCommit(world: World, repository: Repository, facts: CommitFacts) {
  const url = apiUrlOf(world, repository, `/commits/${facts.sha}`)
  const htmlUrl = `${world.url}/${fullNameOf(repository)}/commit`
  const by = { name: facts.name, email: facts.email, date: facts.date }
  return {
    url,
    sha: facts.sha,
    node_id: nodeId('Commit', Number.parseInt(facts.sha.slice(0, 8), 16)),
    html_url: `${htmlUrl}/${facts.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: apiUrlOf(world, repository, `/git/commits/${facts.sha}`),
      author: by,
      committer: by,
      message: facts.message,
      tree: { sha: facts.tree, url: apiUrlOf(world, repository, `/git/trees/${facts.tree}`) },
      comment_count: 0,
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    author: accountOf(world, facts.email),
    committer: accountOf(world, facts.email),
    parents: facts.parents.map((sha) => ({
      sha,
      url: apiUrlOf(world, repository, `/commits/${sha}`),
      html_url: `${htmlUrl}/${sha}`,
    })),
  }
}

/** GitHub finds the account by the address in the commit; of others, it knows none. */
function accountOf(world: World, email: string) {
  const user = [...world.users.values()].find((each) => authorOf(each).email === email)
  return user ? presentUser(world, user) : null
}

export function presentFile(
  world: World,
  repository: Repository,
  sha: string,
  file: CommitFacts['files'][0],
) {
  const path = encodeURIComponent(file.path)
  return {
    sha: null,
    filename: file.path,
    ...(file.before === undefined ? {} : { previous_filename: file.before }),
    status: file.status,
    additions: 0,
    deletions: 0,
    changes: 0,
    blob_url: `${world.url}/${fullNameOf(repository)}/blob/${sha}/${path}`,
    raw_url: `${world.url}/${fullNameOf(repository)}/raw/${sha}/${path}`,
    contents_url: apiUrlOf(world, repository, `/contents/${path}?ref=${sha}`),
  }
}

/** A commit as the push webhook shows it. */
export function presentPushedCommit(world: World, repository: Repository, facts: CommitFacts) {
  const by = { name: facts.name, email: facts.email, username: facts.name }
  const paths = (status: string) =>
    facts.files.filter((file) => file.status === status).map(({ path }) => path)
  return {
    id: facts.sha,
    tree_id: facts.tree,
    distinct: true,
    message: facts.message,
    timestamp: facts.date,
    url: `${world.url}/${fullNameOf(repository)}/commit/${facts.sha}`,
    author: by,
    committer: by,
    added: paths('added'),
    removed: paths('removed'),
    modified: paths('modified'),
  }
}
