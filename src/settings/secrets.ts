import { type Environment, processEnvironment } from './environment.ts'
import { listOf } from './values.ts'

/** Names of variables whose values are secrets, whoever reads them; a file's path is none. */
const secretName = /(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PRIVATE_KEY|API_KEY|CREDENTIALS?)(S|_\w+)?$/i
const pathName = /_(FILE|PATH|DIR|URL|ID)$/i
const headersName = /^OTEL_EXPORTER_OTLP_(\w+_)?HEADERS$/
/** Shorter values would be found in many words that are none. */
const shortest = 6

/**
 * What in the environment is secret: by the name of the variable, and passwords in addresses. It is asked by name, so that a setting
 * which is new is hidden before anybody thinks of it. Pure.
 */
export function secretsIn(env: Environment = processEnvironment()): string[] {
  const found = Object.entries(env).flatMap(([name, value = '']) => [
    ...(secretName.test(name) && !pathName.test(name) ? [value.trim(), ...listOf(value)] : []),
    ...(headersName.test(name) ? listOf(value).map((pair) => pair.slice(pair.indexOf('=') + 1)) : []),
    ...listOf(value).flatMap(passwordIn),
  ])
  return [...new Set(found)].filter((secret) => secret.length >= shortest)
}

/** The password in an address, as it is written there and as it is sent. */
function passwordIn(text: string): string[] {
  if (!text.includes('://') || !URL.canParse(text)) return []
  const { password } = new URL(text)
  try {
    return password === '' ? [] : [password, decodeURIComponent(password)]
  } catch {
    return [password]
  }
}
