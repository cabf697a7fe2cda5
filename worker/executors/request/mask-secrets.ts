import { percentEncode } from './template.ts'

const mask = '***'
/** Shorter values are no secrets: to mask them would make a text unreadable and hide nothing. */
const shortest = 4

/** A function that hides these secrets in a text, also as they are written in JSON and in addresses. */
export function maskerOf(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), percentEncode(secret)])
  // The longest first, so that nothing is left of a secret that holds another.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return (text) => longestFirst.reduce((masked, form) => masked.replaceAll(form, mask), text)
}
