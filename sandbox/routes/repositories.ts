import type { Handler } from '../api.ts'
import { presentUser } from '../present/common.ts'
import { presentFullRepository } from '../present/repository.ts'
import { rateLimitHeaders } from '../rate-limit.ts'
import type { Permission } from '../state.ts'
import { userNamed } from '../world.ts'
import { ok, repositoryOf } from './call.ts'

export const repositories: Record<string, Handler> = {
  'repos/get': (call) => ok(presentFullRepository(call.world, repositoryOf(call))),

  'repos/get-collaborator-permission-level': (call) => {
    const repository = repositoryOf(call)
    const user = userNamed(call.world, call.params.username ?? '')
    const owner = repository.owner.id === user.id
    // Each repository here is public: anybody may read it.
    const role_name = owner ? 'admin' : (repository.permissions.get(user.login.toLowerCase()) ?? 'read')
    return ok({
      permission: legacyPermissions[role_name] ?? role_name,
      role_name,
      user: { ...presentUser(call.world, user), role_name, permissions: rights(role_name) },
    })
  },

  'users/get-authenticated': (call) =>
    ok({ ...presentUser(call.world, call.user), ...profile(call.user.login) }),

  'users/get-by-username': (call) => {
    const user = userNamed(call.world, call.params.username ?? '')
    return ok({ ...presentUser(call.world, user), ...profile(user.login) })
  },

  'rate-limit/get': () => {
    const headers = rateLimitHeaders(0)
    const rate = {
      limit: Number(headers['x-ratelimit-limit']),
      remaining: Number(headers['x-ratelimit-remaining']),
      used: Number(headers['x-ratelimit-used']),
      reset: Number(headers['x-ratelimit-reset']),
    }
    return ok({ resources: { core: rate, search: rate }, rate })
  },

  'meta/get': () => ok({ verifiable_password_authentication: true, hooks: ['127.0.0.0/8', '::1/128'] }),
}

/** What GitHub maps its newer roles to in `permission`. */
const legacyPermissions: Partial<Record<Permission, Permission>> = { maintain: 'write', triage: 'read' }

const order: Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']

function rights(permission: Permission) {
  const may = (what: Permission) => order.indexOf(permission) >= order.indexOf(what)
  const [pull, triage, push] = [may('read'), may('triage'), may('write')]
  return { admin: may('admin'), maintain: may('maintain'), push, triage, pull }
}

function profile(login: string) {
  return {
    name: login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
  }
}
