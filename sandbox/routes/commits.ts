import type { Answer, Call, Handler } from '../api.ts'
import { commitsBetween, forkPoint } from '../git/merge.ts'
import { type CommitFacts, changedFiles, readCommits } from '../git/read.ts'
import { presentCommit, presentFile } from '../present/commit.ts'
import { nodeId } from '../present/common.ts'
import { notFound } from '../refusal.ts'
import type { Repository } from '../state.ts'
import { apiUrlOf, fullNameOf, inTurn } from '../world.ts'
import { answerPage, commitOf, filterOf, ok, pullOf, repositoryOf } from './call.ts'

/** GitHub names no more of a comparison. */
const mostFiles = 300

export const commits: Record<string, Handler> = {
  'repos/get-commit': async (call) => {
    const repository = repositoryOf(call)
    const facts = await factsOf(repository, await commitOf(repository, call.params.ref))
    const files = facts.files.map((file) => presentFile(call.world, repository, facts.sha, file))
    const stats = { additions: 0, deletions: 0, total: 0 }
    return ok({ ...presentCommit(call.world, repository, facts), stats, files })
  },

  'repos/list-commits': async (call) => {
    const repository = repositoryOf(call)
    const sha = await commitOf(repository, filterOf(call, 'sha') ?? repository.defaultBranch)
    const all = await readCommits(repository.gitDir, sha, 1000)
    return answerPage(call, all, (facts) => presentCommit(call.world, repository, facts))
  },

  'repos/compare-commits': compare,
  'repos/compare-commits-with-basehead': compare,

  'git/get-ref': async (call) => {
    const repository = repositoryOf(call)
    const ref = call.params.ref ?? ''
    const [kind, ...rest] = ref.split('/')
    const name = rest.join('/')
    const tag = kind === 'tags' ? repository.tags.get(name) : undefined
    const sha = kind === 'heads' ? repository.branches.get(name) : tag?.object
    if (!sha) throw notFound()
    const type = tag && tag.object !== tag.commit ? 'tag' : 'commit'
    return ok({
      ref: `refs/${ref}`,
      node_id: nodeId('Ref', repository.id),
      url: apiUrlOf(call.world, repository, `/git/refs/${ref}`),
      object: { sha, type, url: apiUrlOf(call.world, repository, `/git/${type}s/${sha}`) },
    })
  },

  'git/get-commit': async (call) => {
    const repository = repositoryOf(call)
    const facts = await factsOf(repository, await commitOf(repository, call.params.commit_sha))
    const { commit, parents, node_id, html_url } = presentCommit(call.world, repository, facts)
    return ok({ sha: facts.sha, node_id, html_url, parents, ...commit })
  },

  'pulls/list-files': async (call) => {
    const repository = repositoryOf(call)
    const pull = pullOf(call, repository)
    const files = await inTurn(repository, () =>
      changedFiles(repository.gitDir, pull.base.sha, pull.head.sha),
    )
    return answerPage(call, files, (file) => presentFile(call.world, repository, pull.head.sha, file))
  },

  'pulls/list-commits': async (call) => {
    const repository = repositoryOf(call)
    const { base, head } = pullOf(call, repository)
    const all = await readCommits(repository.gitDir, `${base.sha}..${head.sha}`)
    return answerPage(call, all.reverse(), (facts) => presentCommit(call.world, repository, facts))
  },
}

async function compare(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const { gitDir } = repository
  const [from, to] = (call.params.basehead ?? `${call.params.base}...${call.params.head}`).split('...')
  const base = await factsOf(repository, await commitAt(repository, from))
  const head = await factsOf(repository, await commitAt(repository, to))
  const ahead = await readCommits(gitDir, `${base.sha}..${head.sha}`)
  const behind = await commitsBetween(gitDir, head.sha, base.sha)
  const common = await factsOf(repository, await forkPoint(gitDir, base.sha, head.sha))
  // All of the comparison's files are on its first page, as far as GitHub names them.
  const isFirst = Number(call.query.page ?? 1) === 1
  const files = isFirst ? (await changedFiles(gitDir, base.sha, head.sha)).slice(0, mostFiles) : []
  const url = apiUrlOf(call.world, repository, `/compare/${base.sha}...${head.sha}`)
  const htmlUrl = `${call.world.url}/${fullNameOf(repository)}/compare/${base.sha}...${head.sha}`
  return ok({
    url,
    html_url: htmlUrl,
    permalink_url: htmlUrl,
    diff_url: `${htmlUrl}.diff`,
    patch_url: `${htmlUrl}.patch`,
    base_commit: presentCommit(call.world, repository, base),
    merge_base_commit: presentCommit(call.world, repository, common),
    status: relation(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: ahead.reverse().map((facts) => presentCommit(call.world, repository, facts)),
    files: files.map((file) => presentFile(call.world, repository, head.sha, file)),
  })
}

/** As commitOf, but a comparison answers 404. */
async function commitAt(repository: Repository, name: string | undefined): Promise<string> {
  return commitOf(repository, name?.split(':').at(-1)).catch(() => {
    throw notFound()
  })
}

async function factsOf(repository: Repository, sha: string): Promise<CommitFacts> {
  const [facts] = await readCommits(repository.gitDir, sha, 1)
  if (!facts) throw notFound()
  return facts
}

function relation(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged'
  return ahead > 0 ? 'ahead' : behind > 0 ? 'behind' : 'identical'
}
