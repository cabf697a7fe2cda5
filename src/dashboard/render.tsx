import type { FastifyReply, FastifyRequest } from 'fastify'
import { renderToString } from 'preact-render-to-string'
import type { Access } from '../access/access.ts'
import type { Actor } from '../access/actor.ts'
import type { Role } from '../access/role.ts'
import { csrfTokenOf } from '../access/session-of.ts'
import { Layout } from './layout.tsx'
import type { Notices } from './notices.ts'
import type { Page } from './page.ts'
import { type Shell, ShellContext } from './shell.ts'

/** Makes pages. */
export interface RenderPage {
  /** Answers with a page. */
  (request: FastifyRequest, reply: FastifyReply, page: Page): Promise<FastifyReply>
  /** A page's HTML; its headers are set. */
  html(request: FastifyRequest, reply: FastifyReply, page: Page): Promise<string>
}

export interface RenderOptions {
  githubUrl: string
  access: Access
  /** What is to be told on the next page. */
  notices: Notices
}

/** Makes pages of what is on them: with the shell around it, for whoever asks. */
export function createRenderPage({ githubUrl, access, notices }: RenderOptions): RenderPage {
  const html: RenderPage['html'] = async (request, reply, page) => {
    const { actor } = request
    const shell: Shell = {
      actor,
      role: await roleOf(access, actor, page.repository),
      csrf: csrfTokenOf(request),
      address: request.url,
      githubUrl,
      nowMs: Date.now(),
    }
    const notice = page.notice ?? (await notices.take(request, reply).catch(() => undefined))
    reply.header('Cache-Control', 'no-store').type('text/html; charset=utf-8')
    const document = renderToString(
      <ShellContext.Provider value={shell}>
        <Layout page={{ ...page, notice }} changesUntil={request.changesUntil} />
      </ShellContext.Provider>,
    )
    return `<!doctype html>${document}`
  }
  const render = async (request: FastifyRequest, reply: FastifyReply, page: Page) =>
    reply.send(await html(request, reply, page))
  return Object.assign(render, { html })
}

async function roleOf(access: Access, actor: Actor | null, repository?: string): Promise<Role | undefined> {
  // A page that cannot ask GitHub is shown without its buttons; what they do is asked again when they are pressed.
  return actor === null ? undefined : access.roleOf(actor, repository).catch(() => undefined)
}
