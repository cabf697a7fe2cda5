import type { Handler } from '../api.ts'
import { git } from '../git/git.ts'
import { resolveCommit } from '../git/read.ts'
import { Refusal } from '../refusal.ts'
import { apiUrlOf, inTurn } from '../world.ts'
import { bodyOf, created, repositoryOf } from './call.ts'

export const refs: Record<string, Handler> = {
  'git/create-ref': async (call) => {
    const repository = repositoryOf(call)
    const { ref, sha } = bodyOf<{ ref: string; sha: string }>(call)
    await inTurn(repository, async () => {
      if ((await resolveCommit(repository.gitDir, sha)) === null)
        throw new Refusal(422, 'Object does not exist')
      if ((await resolveCommit(repository.gitDir, ref)) !== null)
        throw new Refusal(422, 'Reference already exists')
      await git(repository.gitDir, ['update-ref', ref, sha])
    })
    const url = (path: string) => apiUrlOf(call.world, repository, path)
    const object = { sha, type: 'commit', url: url(`/git/commits/${sha}`) }
    return created({ ref, node_id: ref, url: url(`/git/${ref}`), object })
  },
}
