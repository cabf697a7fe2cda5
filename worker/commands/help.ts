import { isEnough, type Role } from '../../src/access/role.ts'
import { type CommentWord, commentWords, usages } from '../../src/commands/comment-words.ts'
import { neededRoles } from '../../src/operations/authorise.ts'
import type { Asked } from './asked.ts'
import type { CommandResult } from './result.ts'

const needed: Record<CommentWord, Role> = {
  deploy: neededRoles.deploy,
  merge: neededRoles['have a pull request merged'],
  lock: neededRoles.lock,
  unlock: neededRoles['unlock what they locked'],
  rollback: neededRoles['roll a deployment back'],
  approve: neededRoles['approve or reject a deployment'],
  reject: neededRoles['approve or reject a deployment'],
  status: 'viewer',
  why: 'viewer',
  help: 'viewer',
}

/** What somebody may ask for here. Who may approve may be named in the file, whatever their role is. */
export function helpFor({
  role,
  rules,
  actor,
  repository,
}: Pick<Asked, 'role' | 'rules' | 'actor' | 'repository'>): CommandResult {
  const hasApprovals = rules.environments.some(({ approvals }) => approvals !== undefined)
  const isOf = (word: CommentWord) => {
    if (word === 'merge' && !rules.merge) return false
    if ((word === 'approve' || word === 'reject') && !hasApprovals) return false
    const isNamed = rules.environments.some(({ approvals }) => (approvals?.from.length ?? 0) > 0)
    if ((word === 'approve' || word === 'reject') && isNamed) return true
    return isEnough(role, needed[word])
  }
  const rows = commentWords.filter(isOf).map((word) => [usages[word].usage, usages[word].does])
  const names = rules.environments.map(({ name }) => name).join(', ')
  const there = names === '' ? '' : ` Environments: ${names}.`
  return {
    kind: 'told',
    text: `${actor.name} is ${role} of ${repository}, and may write:${there}`,
    table: { head: ['Comment', 'What it does'], rows },
  }
}
