import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DeploymentRecord } from '../../deployments/deployment-record.ts'
import { Refusal } from '../../errors/refusal.ts'
import { Button, Choice, Field, Form } from '../components/form.tsx'
import { deploymentPath, repositoryPath, whyPath } from '../components/links.tsx'
import { PageHead } from '../components/page.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import type { Notice } from '../notices.ts'
import { actorOf, field, tellAndGo } from '../operations/answering.ts'
import { newestSuccess } from '../operations/gather.ts'
import { deployPath } from '../operations/paths.ts'
import { runningIn } from '../operations/place.ts'
import { ReasonField } from '../operations/reason-field.tsx'

interface Params {
  owner: string
  repo: string
}

const config = { role: 'deployer' } as const
const path = '/repositories/:owner/:repo/deploy'

/** `GET` and `POST /repositories/{owner}/{repo}/deploy`: deploy a branch, tag or commit by hand. */
export async function deployPage(app: FastifyInstance, options: DashboardOptions) {
  const { renderPage, sources, operations, notices } = options

  const showForm = async (
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
    values: unknown,
    notice?: Notice,
  ) => {
    const known = await sources.repositories.named(`${request.params.owner}/${request.params.repo}`)
    if (!known)
      throw new Refusal(
        404,
        `No delivery of ${request.params.owner}/${request.params.repo} has ever arrived.`,
      )
    const repository = `${known.owner}/${known.name}`
    const rules = sources.rules.current.of(repository)
    const environments = rules?.environments.map(({ name }) => name) ?? []
    const wanted = field(values, 'environment')
    const environment = wanted ?? environments[0]
    return renderPage(request, reply, {
      title: `Deploy ${repository}`,
      under: '/',
      repository,
      notice,
      body: (
        <DeployForm
          repository={repository}
          environments={wanted === undefined ? environments : [...new Set([wanted, ...environments])]}
          isFixed={field(request.query, 'environment') !== undefined}
          current={
            environment === undefined
              ? undefined
              : await newestSuccess(sources, { repository: known, environment })
          }
          running={await runningIn(sources, { repository, environment })}
          values={{
            environment,
            ref: field(values, 'ref') ?? rules?.branch,
            description: field(values, 'description'),
            reason: field(values, 'reason'),
          }}
        />
      ),
    })
  }

  app.get<{ Params: Params }>(path, { config }, async (request, reply) =>
    showForm(request, reply, request.query),
  )

  app.post<{ Params: Params }>(path, { config }, async (request, reply) => {
    const { body } = request
    const repository = `${request.params.owner}/${request.params.repo}`
    const environment = field(body, 'environment') ?? ''
    const answer = await operations.deploy(actorOf(request), {
      repository,
      environment,
      ref: field(body, 'ref') ?? '',
      description: field(body, 'description'),
      force: field(body, 'force') !== undefined,
      reason: field(body, 'reason'),
      key: field(body, 'key'),
    })
    if (answer.outcome === 'refused' && (answer.code === 'invalid' || answer.code === 'unknown')) {
      reply.code(422)
      return showForm(request, reply, body, { kind: 'refused', text: answer.reason })
    }
    const made = answer.outcome === 'done' ? answer.deployment : undefined
    const to = made === undefined ? whyPath(repository, environment) : deploymentPath(repository, made)
    return tellAndGo(reply, notices, answer, to)
  })
}

interface DeployFormProps {
  repository: string
  environments: string[]
  isFixed: boolean
  current: DeploymentRecord | undefined
  running: number | undefined
  values: Record<'environment' | 'ref' | 'description' | 'reason', string | undefined>
}

function DeployForm({ repository, environments, isFixed, current, running, values }: DeployFormProps) {
  const { environment } = values
  return (
    <>
      <PageHead
        above={<a href={repositoryPath(repository)}>{repository}</a>}
        title={isFixed ? `Deploy to ${environment}` : 'Deploy'}
      />
      <div class="ask">
        <div class="says">
          <p>
            The commit that the branch or tag is at when you press the button is deployed, as a new
            deployment, as soon as its checks are green.
          </p>
          {environment === undefined ? null : <p>{currentWords(environment, current)}</p>}
          {running === undefined ? null : <p>{`#${running} is running there: it waits for that to end.`}</p>}
        </div>
        <Form action={deployPath(repository)} class="stack" label="Deploy">
          {isFixed ? (
            <input type="hidden" name="environment" value={environment} />
          ) : (
            <Choice
              name="environment"
              label="To the environment"
              value={environment}
              options={environments}
            />
          )}
          {/* Who presses the button twice has asked once. */}
          <input type="hidden" name="key" value={randomUUID()} />
          <Field
            name="ref"
            label="Branch, tag or commit"
            value={values.ref}
            placeholder="main"
            required
            autocomplete="off"
          />
          <Field name="description" label="Description (if there is one)" value={values.description} />
          <fieldset class="force">
            <legend>Only if it cannot wait</legend>
            <label class="check">
              <input type="checkbox" name="force" value="yes" /> Pass soft locks, windows and freezes
            </label>
            <ReasonField
              isRequired={false}
              hint="Needed to pass them. It is announced, and kept in the audit trail."
              value={values.reason}
            />
          </fieldset>
          <div class="actions">
            <Button kind="main">Deploy</Button>
            <a class="button usual" href={repositoryPath(repository)}>
              Leave it
            </a>
          </div>
        </Form>
      </div>
    </>
  )
}

function currentWords(environment: string, current: DeploymentRecord | undefined): string {
  if (!current) return `Nothing has been deployed to ${environment} yet.`
  const words = current.description === '' ? '' : `, “${current.description}”`
  return `On ${environment} is now ${current.sha.slice(0, 7)} (#${current.id}${words}).`
}
