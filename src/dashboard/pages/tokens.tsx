import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createToken, revokeToken } from '../../access/manage-tokens.ts'
import { roles } from '../../access/role.ts'
import type { ApiToken } from '../../access/tokens.ts'
import { Refusal } from '../../errors/refusal.ts'
import { Button, Choice, Field, Form } from '../components/form.tsx'
import { Empty, PageHead, Section } from '../components/page.tsx'
import { Badge } from '../components/state.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'
import type { Notice } from '../notices.ts'
import { actorOf, field, tellAndGo } from '../operations/answering.ts'
import { ConfirmationPage } from '../operations/confirmation-page.tsx'

const config = { role: 'admin' } as const

/** `GET` and `POST /tokens`, and `/tokens/{id}/revoke`: API tokens for machines. */
export async function tokensPage(app: FastifyInstance, options: DashboardOptions) {
  const { renderPage, sources, tokens, audit, notices } = options

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    more: { secret?: string; values?: unknown; notice?: Notice } = {},
  ) =>
    renderPage(request, reply, {
      title: 'Tokens',
      under: '/tokens',
      notice: more.notice,
      body: (
        <TokensList
          tokens={await tokens.list()}
          nowMs={await sources.records.nowMs()}
          secret={more.secret}
          values={more.values}
        />
      ),
    })

  app.get('/tokens', { config }, async (request, reply) => show(request, reply))

  // Not a redirect: the secret is shown in this one answer, and is nowhere else.
  app.post('/tokens', { config }, async (request, reply) => {
    const { body } = request
    const answer = await createToken({ tokens, audit }, actorOf(request), {
      name: field(body, 'name'),
      role: field(body, 'role'),
      repositories: (field(body, 'repositories') ?? '').split(/[\s,]+/).filter((glob) => glob !== ''),
      expires: field(body, 'expires'),
    })
    if (answer.outcome === 'done') {
      return show(request, reply, { secret: answer.secret, notice: { kind: 'done', text: answer.text } })
    }
    reply.code(422)
    return show(request, reply, { values: body, notice: { kind: 'refused', text: answer.reason } })
  })

  app.get<{ Params: { id: string } }>('/tokens/:id/revoke', { config }, async (request, reply) => {
    const token = await tokens.read(request.params.id)
    if (!token) throw new Refusal(404, 'There is no such token any more.')
    return renderPage(request, reply, {
      title: `Revoke ${token.name}`,
      under: '/tokens',
      body: (
        <ConfirmationPage
          title={`Revoke ${token.name}?`}
          says={[
            `Whoever uses the token ${token.name} (role ${token.role}, made by ${token.createdBy}) gets nowhere any more, from now on.`,
            'It cannot be brought back; a new one has another secret.',
          ]}
          button="Revoke"
          reason="none"
          action={`/tokens/${token.id}/revoke`}
          back="/tokens"
          isDanger
        />
      ),
    })
  })

  app.post<{ Params: { id: string } }>('/tokens/:id/revoke', { config }, async (request, reply) => {
    const answer = await revokeToken({ tokens, audit }, actorOf(request), request.params.id)
    return tellAndGo(reply, notices, answer, '/tokens')
  })
}

interface TokensListProps {
  tokens: ApiToken[]
  nowMs: number
  secret: string | undefined
  values: unknown
}

function TokensList({ tokens, nowMs, secret, values }: TokensListProps) {
  return (
    <>
      <PageHead title="Tokens">
        For machines that use the API, and for the command line: <code>LIVRAISON_TOKEN</code>.
      </PageHead>
      {secret === undefined ? null : <Secret secret={secret} />}
      {tokens.length === 0 ? (
        <Empty title="There are no tokens." />
      ) : (
        <Table caption="API tokens" columns={columns(nowMs)} rows={tokens} id={({ id }) => `token-${id}`} />
      )}
      <Section id="new" title="New token">
        <NewToken values={values} />
      </Section>
    </>
  )
}

function Secret({ secret }: { secret: string }) {
  return (
    <div class="card">
      <p>
        <strong>The new token.</strong> Copy it now: it is shown this once, and kept nowhere in clear.
      </p>
      <code class="secret">{secret}</code>
    </div>
  )
}

const spans = [
  { value: '7d', text: '7 days' },
  { value: '30d', text: '30 days' },
  { value: '90d', text: '90 days' },
  { value: '365d', text: '1 year' },
]

function NewToken({ values }: { values: unknown }) {
  return (
    <Form action="/tokens" class="stack" label="New token">
      <Field name="name" label="Name" value={field(values, 'name')} hint="What it is for." required />
      <Choice name="role" label="Role" value={field(values, 'role') ?? 'viewer'} options={roles} />
      <Field
        name="repositories"
        label="Repositories"
        value={field(values, 'repositories')}
        placeholder="acme/shop, acme/web-*"
        hint="Leave it empty for all."
      />
      <Choice name="expires" label="For" value={field(values, 'expires') ?? '90d'} options={spans} />
      <div>
        <Button kind="main">Make it</Button>
      </div>
    </Form>
  )
}

const columns = (nowMs: number): Column<ApiToken>[] => [
  { heading: 'Name', isHeading: true, cell: ({ name }) => name },
  { heading: 'Role', cell: ({ role }) => role },
  {
    heading: 'Repositories',
    cell: ({ repositories }) => (repositories.length === 0 ? 'all' : repositories.join(', ')),
  },
  { heading: 'Made by', cell: ({ createdBy }) => createdBy },
  { heading: 'Made', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { heading: 'Last used', cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
  {
    heading: 'Expires',
    cell: ({ expiresAt }) =>
      expiresAt <= nowMs ? <Badge tone="quiet">expired</Badge> : <Time at={expiresAt} />,
  },
  {
    heading: '',
    align: 'right',
    cell: ({ id, name, expiresAt }) =>
      expiresAt <= nowMs ? null : (
        <a href={`/tokens/${id}/revoke`} aria-label={`Revoke ${name}`}>
          Revoke
        </a>
      ),
  },
]
