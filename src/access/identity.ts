import type { RulesInForce } from '../config/rules.ts'
import type { GitHub } from '../github/client.ts'
import type { Logger } from '../log/log.ts'
import type { Redis } from '../redis/redis.ts'
import { type OpenAccess, openAccess } from './open-access.ts'
import { openQuestions } from './questions.ts'
import { openSessions, type Sessions } from './sessions.ts'
import { openTokens, type Tokens } from './tokens.ts'

/** Who people and machines are, and what they may do. */
export interface Identity {
  redis: Redis
  prefix: string
  adminToken: string | undefined
  tokens: Tokens
  sessions: Sessions
  access: OpenAccess
}

export interface IdentityOptions {
  redis: Redis
  prefix: string
  adminToken: string | undefined
  github: GitHub | undefined
  rules: RulesInForce
  log: Logger
}

export function openIdentity({ rules, github, log, ...options }: IdentityOptions): Identity {
  const { redis, prefix } = options
  const tokens = openTokens(redis, prefix)
  const questions = openQuestions({ redis, prefix, github, log })
  return {
    ...options,
    tokens,
    sessions: openSessions(options),
    access: openAccess({ rules, tokens, questions }),
  }
}
