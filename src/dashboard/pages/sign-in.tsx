import type { FastifyInstance } from 'fastify'
import { Button, ButtonLink, Field, Form } from '../components/form.tsx'
import { PageHead } from '../components/page.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'

/** Why somebody is not signed in, by the code that they are sent here with. */
const problems: Record<string, string> = {
  token: 'This is not the token in ADMIN_TOKEN.',
  expired: 'You were signed out: sign in again.',
  denied: 'GitHub says that the sign-in was cancelled.',
  forbidden:
    'Your GitHub account may not use this server: it is in none of the organisations and teams that may.',
  unavailable: 'GitHub cannot be reached now. Try again in a minute.',
}

/** `GET /sign-in`. */
export async function signInPage(app: FastifyInstance, { renderPage, signIn }: DashboardOptions) {
  app.get<{ Querystring: { error?: string; next?: string } }>(
    '/sign-in',
    { config: { role: 'anybody' } },
    async (request, reply) => {
      const { error, next } = request.query
      const text = error === undefined ? undefined : (problems[error] ?? 'You could not be signed in.')
      return renderPage(request, reply, {
        title: 'Sign in',
        notice: text === undefined ? undefined : { kind: 'refused', text },
        body: <SignIn {...signIn} next={isOwnPath(next) ? next : '/'} />,
      })
    },
  )
}

function SignIn({ github, token, next }: DashboardOptions['signIn'] & { next: string }) {
  return (
    <div class="sign-in">
      <PageHead title="Sign in">What is deployed where, and why something is not.</PageHead>
      {github ? (
        <ButtonLink kind="main" href={`/sign-in/github?next=${encodeURIComponent(next)}`}>
          Sign in with GitHub
        </ButtonLink>
      ) : null}
      {token ? <TokenForm next={next} isMain={!github} /> : null}
      {github || token ? null : (
        <p>
          Nobody can sign in yet: set <code>ADMIN_TOKEN</code> to a long random text (
          <code>openssl rand -hex 32</code>) and restart the receiver.
        </p>
      )}
    </div>
  )
}

function TokenForm({ next, isMain }: { next: string; isMain: boolean }) {
  return (
    <Form action="/sign-in" class="stack">
      <input type="hidden" name="next" value={next} />
      <Field
        name="token"
        label="Admin token"
        type="password"
        required
        autocomplete="current-password"
        hint="What ADMIN_TOKEN is set to on the server."
      />
      <div>
        <Button kind={isMain ? 'main' : 'usual'}>Sign in with the token</Button>
      </div>
    </Form>
  )
}

/** Whether an address leads to a page of ours, and to no other site. Pure. */
export function isOwnPath(path: unknown): path is string {
  return typeof path === 'string' && /^\/(?![/\\])[^\\]*$/.test(path)
}
