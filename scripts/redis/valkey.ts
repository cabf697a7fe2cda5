import { programsNamed } from '../setup/find-program.mjs'

/** The full path of a `valkey-server`, or undefined. */
export function findValkey(path = process.env.PATH ?? ''): string | undefined {
  return programsNamed('valkey-server', `${path}:/usr/local/sbin:/usr/sbin`)[0]
}
