/** An answer of GitHub that is not a success: thrown by whoever finds the reason, answered in one place. */
export class Refusal extends Error {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor(
    status: number,
    message: string,
    more: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.body = {
      message,
      ...more,
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
    }
    this.headers = headers
  }
}

/** GitHub's 422 for a field that cannot be accepted. */
export function validationFailed(resource: string, field: string, code: string, message?: string): Refusal {
  return new Refusal(422, message ? `Validation Failed: ${message}` : 'Validation Failed', {
    errors: [{ resource, field, code, ...(message ? { message } : {}) }],
  })
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found')
}
