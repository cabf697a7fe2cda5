import type { FastifyInstance } from 'fastify'
import { failureWords } from '../../sign-in/failures.ts'
import { ownPath } from '../../sign-in/own-path.ts'
import type { SignInWays } from '../../sign-in/ways.ts'
import { Button, ButtonLink, Field, Form } from '../components/form.tsx'
import { PageHead } from '../components/page.tsx'
import type { DashboardOptions } from '../dashboard-options.ts'

/** `GET /sign-in`. */
export async function signInPage(app: FastifyInstance, { renderPage, signInWays }: DashboardOptions) {
  app.get<{ Querystring: { failed?: string; to?: string } }>(
    '/sign-in',
    { config: { role: 'anybody' } },
    async (request, reply) => {
      const { failed, to } = request.query
      const text = failureWords(failed)
      return renderPage(request, reply, {
        title: 'Sign in',
        notice: text === undefined ? undefined : { kind: 'refused', text },
        body: <SignIn ways={signInWays()} to={ownPath(to)} />,
      })
    },
  )
}

function SignIn({ ways: { password, github, missing }, to }: { ways: SignInWays; to: string }) {
  return (
    <div class="sign-in">
      <PageHead title="Sign in">See what is deployed where, and why something is not.</PageHead>
      {github ? (
        <ButtonLink kind="main" href={`/sign-in/github?to=${encodeURIComponent(to)}`}>
          Sign in with GitHub
        </ButtonLink>
      ) : null}
      {password ? <PasswordForm to={to} isMain={!github} /> : null}
      {missing.length === 0 ? null : (
        <details>
          <summary>Other ways to sign in</summary>
          <ul class="bullets">
            {missing.map((text) => (
              <li>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

function PasswordForm({ to, isMain }: { to: string; isMain: boolean }) {
  return (
    <Form action="/sign-in" class="stack">
      <input type="hidden" name="to" value={to} />
      <Field
        name="password"
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
