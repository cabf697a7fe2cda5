/** The commands that there are in comments on pull requests. */
export const commentWords = [
  'deploy',
  'merge',
  'lock',
  'unlock',
  'rollback',
  'status',
  'why',
  'approve',
  'reject',
  'help',
] as const

export type CommentWord = (typeof commentWords)[number]

/** How each is written, and what it does. */
export const usages: Record<CommentWord, { usage: string; does: string }> = {
  deploy: {
    usage: '/deploy [environment] [sha] [--force] [because reason]',
    does: "deploys this pull request's head, or, once it is merged, its merge commit",
  },
  merge: { usage: '/merge [sha]', does: 'merges this pull request once all that it needs is there' },
  lock: { usage: '/lock [environment] [for 2h] [reason]', does: 'keeps everything out of an environment' },
  unlock: { usage: '/unlock [environment]', does: 'ends that' },
  rollback: {
    usage: '/rollback [environment] [because reason]',
    does: 'deploys what was in an environment before',
  },
  status: {
    usage: '/status [environment]',
    does: 'says what is in each environment, and what goes on there',
  },
  why: { usage: '/why [environment]', does: 'says why something is not being deployed' },
  approve: {
    usage: '/approve [environment or #number] [because reason]',
    does: 'agrees to a deployment of this pull request that waits for it',
  },
  reject: {
    usage: '/reject [environment or #number] [because reason]',
    does: 'ends a deployment of this pull request that waits for approvals',
  },
  help: { usage: '/help', does: 'shows this' },
}
