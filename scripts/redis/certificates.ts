import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Files of PEM. */
export interface Certificate {
  cert: string
  key: string
}

export interface Certificates {
  ca: string
  server: Certificate
  client: Certificate
  /** A client's certificate, of a CA that nobody trusts. */
  stranger: Certificate
}

const openssl = (...args: string[]) => promisify(execFile)('openssl', args)

/** Makes a CA, and what it vouches for: a server at 127.0.0.1 and localhost, and a client. Needs `openssl`. */
export async function makeCertificates(directory: string): Promise<Certificates> {
  mkdirSync(directory, { recursive: true })
  const ca = await makeCa(directory, 'ca')
  const other = await makeCa(directory, 'other-ca')
  return {
    ca: ca.cert,
    server: await sign(directory, 'server', ca, 'subjectAltName=IP:127.0.0.1,DNS:localhost'),
    client: await sign(directory, 'client', ca, 'extendedKeyUsage=clientAuth'),
    stranger: await sign(directory, 'stranger', other, 'extendedKeyUsage=clientAuth'),
  }
}

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

async function makeCa(directory: string, name: string): Promise<Certificate> {
  const made = { cert: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) }
  const subject = ['-subj', `/CN=${name}`, '-days', '2']
  await openssl('req', '-x509', ...key, '-keyout', made.key, '-out', made.cert, ...subject)
  return made
}

async function sign(
  directory: string,
  name: string,
  ca: Certificate,
  extension: string,
): Promise<Certificate> {
  const made = { cert: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) }
  const request = join(directory, `${name}.csr`)
  const extensions = join(directory, `${name}.ext`)
  writeFileSync(extensions, `${extension}\n`)
  await openssl('req', ...key, '-keyout', made.key, '-out', request, '-subj', `/CN=${name}`)
  const by = ['-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial', '-extfile', extensions]
  await openssl('x509', '-req', '-in', request, '-out', made.cert, '-days', '2', ...by)
  return made
}
