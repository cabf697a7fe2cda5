import type { FastifyReply } from 'fastify'

/** The token that the forms of an answer send along; undefined where forms are not protected. */
export async function csrfToken(reply: FastifyReply): Promise<string | undefined> {
  return 'generateCsrf' in reply && typeof reply.generateCsrf === 'function'
    ? reply.generateCsrf()
    : undefined
}
