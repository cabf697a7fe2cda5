import type { FastifyHelmetOptions } from '@fastify/helmet'

const halfAYear = 180 * 24 * 3600

/**
 * What browsers are told to keep pages from doing. `signInUrl` is where a form of ours may lead to: GitHub, where people sign
 * in with it.
 */
export function securityHeaders(publicUrl: string, signInUrl: string | undefined): FastifyHelmetOptions {
  const isHttps = publicUrl.startsWith('https:')
  const own = ["'self'"]
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: own,
        styleSrc: own,
        imgSrc: [...own, 'data:'],
        connectSrc: own,
        formAction: signInUrl === undefined ? own : [...own, new URL(signInUrl).origin],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    strictTransportSecurity: isHttps && { maxAge: halfAYear, includeSubDomains: false },
    // With no-referrer browsers would not say where a form came from, which is asked for.
    // @see https://fetch.spec.whatwg.org/#append-a-request-origin-header
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  }
}
