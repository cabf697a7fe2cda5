import { BadRequest } from '../errors/bad-request.ts'

/**
 * The payload in a webhook's body, as GitHub sends it: JSON, or a form with the JSON in its field `payload`.
 *
 * @throws {BadRequest} if it is neither
 */
export function readBody(body: Buffer, contentType: string): unknown {
  const text = body.toString('utf8')
  return contentType.toLowerCase().startsWith('application/json')
    ? parseJson(text, 'The body')
    : parseJson(formField(text, 'payload'), 'The form field "payload"')
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequest(`${what} is not JSON.`)
  }
}

// decodeURIComponent decodes a 33 KB payload four times as fast as URLSearchParams does.
function formField(form: string, name: string): string {
  const field = form.split('&').find((pair) => pair.startsWith(`${name}=`))
  if (field === undefined) throw new BadRequest(`The form has no field "${name}".`)
  try {
    return decodeURIComponent(field.slice(name.length + 1).replaceAll('+', ' '))
  } catch {
    throw new BadRequest(`The form field "${name}" is not percent-encoded UTF-8.`)
  }
}
