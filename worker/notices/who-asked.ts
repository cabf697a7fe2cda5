import type { Face } from '../../src/access/actor.ts'
import type { NewRequest } from '../../src/operations/requests.ts'

/** Through these, only people with a login of GitHub's speak; through the others, tokens with names of their own do. */
const facesOfPeople: readonly Face[] = ['dashboard', 'github', 'comment', 'slack', 'hubot']
const adminName = 'ADMIN_TOKEN'

/** Whether whoever asked is named by their login at GitHub. Pure. */
export function isPerson({ by, face }: Pick<NewRequest, 'by' | 'face'>): boolean {
  return facesOfPeople.includes(face) && by !== adminName
}
