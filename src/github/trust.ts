import { rootCertificates } from 'node:tls'

/** What a TLS connection is made with so that it trusts these certificates (PEM), and the usual ones as before. */
export function trusting(ca: string | undefined): { ca?: string[] } {
  return ca === undefined ? {} : { ca: [...rootCertificates, ca] }
}
