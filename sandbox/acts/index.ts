import { type AppActs, appActsOf } from '../apps/acts.ts'
import type { Files } from '../git/commit.ts'
import { resolveCommit } from '../git/read.ts'
import { redeliver } from '../hooks/send.ts'
import { notFound } from '../refusal.ts'
import type {
  CheckRun,
  Comment,
  CommitStatus,
  Delivery,
  Deployment,
  Hook,
  Permission,
  Pull,
  Repository,
  User,
} from '../state.ts'
import { hookOf, inTurn, pullNumbered, repositoryNamed, userNamed, type World } from '../world.ts'
import { type Push, push } from './branches.ts'
import {
  type CheckRunRequest,
  type CommitStatusRequest,
  createCheckRun,
  createCommitStatus,
  updateCheckRun,
} from './checks.ts'
import { comment, deleteComment, editComment } from './comments.ts'
import {
  createDeployment,
  createDeploymentStatus,
  type DeploymentRequest,
  type DeploymentStatusRequest,
} from './deployments.ts'
import { type MergeRequest, mergePull } from './merge.ts'
import { type MergeQueueActs, mergeQueueActsOf } from './merge-queue.ts'
import { type MergingActs, mergingActsOf } from './merging.ts'
import { addPerson, addToTeam, removePerson } from './people.ts'
import { protectBranch } from './protect.ts'
import { addLabels, openPull, type PullRequest, setPullState } from './pulls.ts'
import {
  createHook,
  createRepository,
  deleteRepository,
  type HookRequest,
  renameRepository,
} from './repositories.ts'
import { deleteTag, pushTag, type TagRequest } from './tags.ts'
import { type WorkflowActs, workflowActsOf } from './workflow-runs.ts'

/** Who does it, by login; `octocat` if nobody is named. */
type By = { user?: string }

/** What people (and other systems) do at GitHub, and what has become of it. */
export interface Acts extends MergingActs, AppActs, WorkflowActs, MergeQueueActs {
  createRepository(request: {
    owner: string
    name: string
    files?: Files
    defaultBranch?: string
  }): Promise<Repository>
  /** Lets git in only with a token for it. */
  makePrivate(fullName: string): void
  renameRepository(fullName: string, to: string): void
  deleteRepository(fullName: string): Promise<void>
  createHook(fullName: string, request: HookRequest): Promise<Hook>
  push(fullName: string, request?: Push & By): Promise<string>
  pushTag(fullName: string, request: TagRequest & By): Promise<string>
  deleteTag(fullName: string, name: string, by?: By): Promise<void>
  openPullRequest(fullName: string, request?: PullRequest & By): Promise<Pull>
  mergePullRequest(fullName: string, number: number, request?: MergeRequest & By): Promise<string>
  closePullRequest(fullName: string, number: number, by?: By): Promise<void>
  reopenPullRequest(fullName: string, number: number, by?: By): Promise<void>
  labelPullRequest(fullName: string, number: number, label: string, by?: By): Promise<void>
  comment(fullName: string, number: number, body: string, by?: By): Promise<number>
  editComment(fullName: string, id: number, body: string): void
  deleteComment(fullName: string, id: number): void
  /** A deployment made by somebody else; with `workflowRun`, by GitHub Actions. */
  createDeployment(
    fullName: string,
    request: DeploymentRequest & By & { workflowRun?: boolean },
  ): Promise<Deployment | { message: string }>
  createDeploymentStatus(fullName: string, id: number, request: DeploymentStatusRequest & By): Promise<void>
  createCommitStatus(fullName: string, ref: string, request: CommitStatusRequest & By): Promise<CommitStatus>
  createCheckRun(
    fullName: string,
    ref: string,
    request: Omit<CheckRunRequest, 'head_sha' | 'name'> & { name: string } & By,
  ): Promise<CheckRun>
  completeCheckRun(fullName: string, id: number, conclusion: string, by?: By): Promise<void>
  setPermission(fullName: string, login: string, permission: Permission): void
  /** An account, a member of these organizations. */
  addPerson(login: string, organizations?: string[]): User
  addToTeam(org: string, slug: string, login: string): void
  /** Takes somebody out of an organization and all its teams. */
  removePerson(org: string, login: string): void
  /** The OAuth app that people sign in with. */
  oauthApp(): { id: string; secret: string }
  setTeam(org: string, slug: string, members: string[]): void
  requireChecks(fullName: string, branch: string, contexts: string[], rules?: string[]): void

  repository(fullName: string): Repository
  pullRequest(fullName: string, number: number): Pull
  /** In order of creation, each with its statuses in order of creation. */
  deployments(fullName: string): Deployment[]
  hooksOf(fullName: string): Hook[]
  deliveries(): Delivery[]
  /** Sends a delivery (of that GUID or id) again. */
  redeliver(which: string | number): Delivery
}

function commentOf(repository: Repository, id: number): Comment {
  const found = repository.comments.find((each) => each.id === id)
  if (!found) throw notFound()
  return found
}

export function actsOf(world: World): Acts {
  const at = (fullName: string) => repositoryNamed(world, fullName)
  const who = (by: By | undefined) => userNamed(world, by?.user ?? 'octocat')
  const commitAt = async (repository: Repository, ref: string) => {
    const sha = await inTurn(repository, () => resolveCommit(repository.gitDir, ref))
    if (!sha) throw new Error(`${repository.name} has no commit ${ref}`)
    return sha
  }
  return {
    ...mergingActsOf(world),
    ...appActsOf(world),
    ...workflowActsOf(world),
    ...mergeQueueActsOf(world),
    createRepository: (request) => createRepository(world, request),
    makePrivate: (fullName) => {
      at(fullName).isPrivate = true
    },
    renameRepository: (fullName, to) => renameRepository(world, at(fullName), to),
    deleteRepository: (fullName) => deleteRepository(world, at(fullName)),
    createHook: async (fullName, request) =>
      createHook(world, at(fullName), { ...request, events: request.events ?? ['*'] }),
    push: (fullName, request = {}) => push(world, at(fullName), who(request), request),
    pushTag: (fullName, request) => pushTag(world, at(fullName), who(request), request),
    deleteTag: (fullName, name, by) => deleteTag(world, at(fullName), who(by), name),
    openPullRequest: (fullName, request = {}) => openPull(world, at(fullName), who(request), request),
    mergePullRequest: async (fullName, number, request = {}) =>
      mergePull(world, at(fullName), who(request), pullNumbered(at(fullName), number), request),
    closePullRequest: async (fullName, number, by) =>
      setPullState(world, at(fullName), who(by), pullNumbered(at(fullName), number), 'closed'),
    reopenPullRequest: async (fullName, number, by) =>
      setPullState(world, at(fullName), who(by), pullNumbered(at(fullName), number), 'open'),
    labelPullRequest: async (fullName, number, label, by) =>
      addLabels(world, at(fullName), who(by), pullNumbered(at(fullName), number), [label]),
    comment: async (fullName, number, body, by) => comment(world, at(fullName), who(by), number, body).id,
    editComment: (fullName, id, body) => editComment(world, at(fullName), commentOf(at(fullName), id), body),
    deleteComment: (fullName, id) => deleteComment(world, at(fullName), commentOf(at(fullName), id)),
    createDeployment: (fullName, { user, workflowRun, ...request }) =>
      createDeployment(world, at(fullName), who(user ? { user } : {}), request, {
        workflowRun: workflowRun ?? false,
      }),
    createDeploymentStatus: async (fullName, id, request) => {
      const deployment = at(fullName).deployments.find((deployment) => deployment.id === id)
      if (!deployment) throw notFound()
      createDeploymentStatus(world, at(fullName), who(request), deployment, request)
    },
    createCommitStatus: async (fullName, ref, request) => {
      const sha = await commitAt(at(fullName), ref)
      return createCommitStatus(world, at(fullName), who(request), sha, request)
    },
    createCheckRun: async (fullName, ref, request) => {
      const head_sha = await commitAt(at(fullName), ref)
      return createCheckRun(world, at(fullName), who(request), { ...request, head_sha })
    },
    completeCheckRun: async (fullName, id, conclusion, by) => {
      const run = at(fullName).checkRuns.find((run) => run.id === id)
      if (!run) throw notFound()
      updateCheckRun(world, at(fullName), who(by), run, { conclusion })
    },
    setPermission: (fullName, login, permission) => {
      at(fullName).permissions.set(login.toLowerCase(), permission)
    },
    addPerson: (login, organizations = []) => addPerson(world, login, organizations),
    addToTeam: (org, slug, login) => addToTeam(world, org, slug, login),
    removePerson: (org, login) => removePerson(world, org, login),
    oauthApp: () => ({ id: world.oauth.id, secret: world.oauth.secret }),
    setTeam: (org, slug, members) => {
      world.teams.set(`${org}/${slug}`.toLowerCase(), new Set(members.map((login) => login.toLowerCase())))
    },
    requireChecks: (fullName, branch, contexts, rules = []) => {
      protectBranch(world, at(fullName), branch, { contexts, ruleContexts: rules })
    },
    repository: at,
    pullRequest: (fullName, number) => pullNumbered(at(fullName), number),
    deployments: (fullName) => at(fullName).deployments,
    hooksOf: (fullName) => at(fullName).hooks,
    deliveries: () => world.deliveries,
    redeliver: (which) => {
      const delivery = world.deliveries.find(({ guid, id }) => guid === which || id === which)
      const repository = delivery && world.repositories.get(delivery.repositoryId)
      if (!delivery || !repository) throw new Error(`There is no delivery ${which}`)
      const app = world.apps.registered.get(delivery.hookId)
      const hook = app ? { ...app.hook, repositoryId: repository.id } : hookOf(repository, delivery.hookId)
      return redeliver(world, hook, delivery)
    },
  }
}
