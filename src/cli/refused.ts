import { type ExitStatus, exitStatus, Stop } from './exit-status.ts'

/** How the command ends after an answer of the server that is no success. Pure. */
export function refused(status: number, message: string | undefined, { url, token }: Asked): Stop {
  if (status === 401 && token === undefined) {
    return new Stop(
      exitStatus.notAllowed,
      `You are not signed in at ${url}: put a token into LIVRAISON_TOKEN, in the environment or in .env. An administrator makes one with: livraison token create NAME`,
    )
  }
  if (status === 401) {
    return new Stop(
      exitStatus.notAllowed,
      `${url} does not know the token in LIVRAISON_TOKEN (or ADMIN_TOKEN): ${said(status, message)}`,
    )
  }
  return new Stop(exitStatusOf(status), said(status, message))
}

interface Asked {
  url: string
  token: string | undefined
}

function said(status: number, message: string | undefined): string {
  return message ?? `The server answered ${status} without a reason.`
}

function exitStatusOf(status: number): ExitStatus {
  if (status === 401 || status === 403) return exitStatus.notAllowed
  if (status === 429 || status >= 500) return exitStatus.unreachable
  return [400, 404, 410, 413, 415, 422].includes(status) ? exitStatus.askedWrongly : exitStatus.refused
}
