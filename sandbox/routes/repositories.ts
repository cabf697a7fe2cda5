import type { Handler } from '../api.ts'
import { presentUser } from '../present/common.ts'
import { presentFullRepository } from '../present/repository.ts'
import { rateLimitHeaders } from '../rate-limit.ts'
import { userNamed } from '../world.ts'
import { ok, repositoryOf } from './call.ts'

export const repositories: Record<string, Handler> = {
  'repos/get': (call) => ok(presentFullRepository(call.world, repositoryOf(call))),

  'repos/get-collaborator-permission-level': (call) => {
    const repository = repositoryOf(call)
    const user = userNamed(call.world, call.params.username ?? '')
    const owner = repository.owner.id === user.id
    const permission = owner ? 'admin' : (repository.permissions.get(user.login.toLowerCase()) ?? 'read')
    const role_name = permission
    return ok({
      permission,
      role_name,
      user: { ...presentUser(call.world, user), role_name, permissions: rights(permission) },
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

  'teams/get-membership-for-user-in-org': (call) => {
    const { org, team_slug, username = '' } = call.params
    const member = call.world.teams.get(`${org}/${team_slug}`.toLowerCase())?.has(username.toLowerCase())
    if (!member) return { status: 404, body: { message: 'Not Found' } }
    const url = `${call.world.apiUrl}${call.path}`
    return ok({ url, role: 'member', state: 'active' })
  },
}

function rights(permission: string) {
  const push = permission === 'admin' || permission === 'write'
  const admin = permission === 'admin'
  return { admin, maintain: admin, push, triage: push, pull: permission !== 'none' }
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
