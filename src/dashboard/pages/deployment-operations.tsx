import type { FastifyInstance } from 'fastify'
import type { Actor } from '../../access/actor.ts'
import type { Role } from '../../access/role.ts'
import { findDeployment } from '../../api/find-deployment.ts'
import type { DeploymentRecord } from '../../deployments/deployment-record.ts'
import type { Answer } from '../../operations/answer.ts'
import type { DeploymentWish, Operations } from '../../operations/operations.ts'
import { Choice } from '../components/form.tsx'
import { deploymentPath } from '../components/links.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import { actorOf, field, tellAndGo } from '../operations/answering.ts'
import {
  confirm,
  type DeploymentOperation,
  deploymentOperations,
  type OperationFacts,
} from '../operations/confirmation.ts'
import { ConfirmationPage } from '../operations/confirmation-page.tsx'
import { earlierSuccesses, gatherOperationFacts } from '../operations/gather.ts'
import { operationPath } from '../operations/paths.ts'

interface Params {
  owner: string
  repo: string
  id: string
}

/**
 * What one must be to see the page. Whom the rules name as approvers may be of any role: the operation itself knows.
 */
const roleFor: Record<DeploymentOperation, Role> = {
  cancel: 'deployer',
  retry: 'deployer',
  rollback: 'deployer',
  promote: 'deployer',
  approve: 'viewer',
  reject: 'viewer',
  override: 'approver',
}

/** `GET` and `POST /deployments/{owner}/{repo}/{id}/cancel` and so on: ask, and do it. */
export async function deploymentOperationPages(app: FastifyInstance, options: DashboardOptions) {
  for (const operation of deploymentOperations) addOperation(app, operation, options)
}

function addOperation(app: FastifyInstance, operation: DeploymentOperation, options: DashboardOptions) {
  const { renderPage, sources, operations, notices } = options
  const path = `/deployments/:owner/:repo/:id/${operation}`
  const config = { role: roleFor[operation] }

  app.get<{ Params: Params }>(path, { config }, async (request, reply) => {
    const facts = await gatherOperationFacts(sources, request.params, actorOf(request).name)
    const confirmation = confirm(operation, facts)
    const { record, repository } = facts
    return renderPage(request, reply, {
      title: confirmation.title,
      under: '/',
      repository,
      body: (
        <ConfirmationPage
          {...confirmation}
          action={operationPath(repository, record.id, operation)}
          back={deploymentPath(repository, record.id)}
          isDanger={operation === 'cancel' || operation === 'reject'}
        >
          <Choices
            operation={operation}
            facts={facts}
            earlier={operation === 'rollback' ? await earlierSuccesses(sources, record) : []}
          />
        </ConfirmationPage>
      ),
    })
  })

  app.post<{ Params: Params }>(path, { config }, async (request, reply) => {
    const { owner, repo, id } = request.params
    const { record, name: repository } = await findDeployment(sources, request.params)
    const wish = {
      deployment: Number(id),
      repository: `${owner}/${repo}`,
      reason: field(request.body, 'reason'),
    }
    const answer = await doIt(operations, operation, actorOf(request), wish, request.body)
    return tellAndGo(reply, notices, answer, deploymentPath(repository, followed(answer) ?? record.id))
  })
}

function doIt(
  operations: Operations,
  operation: DeploymentOperation,
  actor: Actor,
  wish: DeploymentWish,
  body: unknown,
): Promise<Answer> {
  switch (operation) {
    case 'rollback': {
      const to = field(body, 'to')
      return operations.rollBack(actor, { ...wish, to: to === undefined ? undefined : Number(to) })
    }
    case 'promote':
      return operations.promote(actor, { ...wish, environment: field(body, 'environment') })
    default:
      return operations[operation](actor, wish)
  }
}

/** The deployment that was made, if GitHub has it already: there is more to see there. */
function followed(answer: Answer): number | undefined {
  return answer.outcome === 'done' && 'deployment' in answer && typeof answer.deployment === 'number'
    ? answer.deployment
    : undefined
}

interface ChoicesProps {
  operation: DeploymentOperation
  facts: OperationFacts
  earlier: DeploymentRecord[]
}

/** What else is to be said for an operation. */
function Choices({ operation, facts, earlier }: ChoicesProps) {
  if (operation === 'promote') {
    return <Choice name="environment" label="To the environment" options={facts.promotions} />
  }
  if (operation !== 'rollback' || earlier.length === 0) return null
  const { back } = facts
  const proposed = 'to' in back ? back.to.deployment : undefined
  const offered = earlier.filter(({ id }) => id !== proposed)
  return (
    <Choice
      name="to"
      label="Back to"
      options={[
        ...(proposed === undefined ? [] : [{ value: '', text: `The last that worked (#${proposed})` }]),
        ...offered.map(({ id, sha, description }) => ({
          value: String(id),
          text: `#${id} ${sha.slice(0, 7)} ${description}`,
        })),
      ]}
    />
  )
}
