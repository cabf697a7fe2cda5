import type { Rules } from '../../../config/rules.ts'
import { webhookPath } from '../../../github/our-hooks.ts'
import type { DoctorSettings } from '../../../settings/doctor.ts'
import type { Mendable } from '../finding.ts'
import { examineFetch } from '../git.ts'
import { neededEvents, neededRights } from '../needs.ts'
import { isLoopback } from '../reach.ts'
import { examineWebhook } from '../webhook/examine-webhook.ts'
import type { WantedHook } from '../webhook/judge-hooks.ts'
import type { AskedGitHub } from './ask-github.ts'
import { missingRights, rightsFinding } from './rights.ts'

export interface RepositoryExamination {
  asked: AskedGitHub
  rules: Rules
  settings: DoctorSettings
  /** Whether a running receiver has taken our secret. */
  secretIsProven: boolean
}

/** Whether a repository (`owner/name`) is there, may be used as the rules ask for, delivers to us, and can be fetched. */
export async function* examineRepository(
  fullName: string,
  { asked, rules, settings, secretIsProven }: RepositoryExamination,
): AsyncGenerator<Mendable> {
  const of = `repository ${fullName}`
  const ofRepository = rules.of(fullName)
  const [owner = '', repo = ''] = fullName.split('/')
  if (ofRepository === undefined) {
    yield { level: 'warn', of, text: 'the configuration leaves it out', todo: 'Add it to livraison.yml.' }
    return
  }
  const { status, message } = await asked.statusOf((github) => github.rest.repos.get({ owner, repo }))
  if (status !== 200) {
    const todo = 'See whether it is called so, and give the token access to it.'
    const text = status === 404 ? 'there is none, or the token may not see it' : message
    yield { level: 'fail', of, text, todo }
    return
  }
  const { data } = await asked.github.rest.repos.get({ owner, repo })
  const rights = neededRights(ofRepository, rules.access)
  const place = {
    ...{ owner, repo, defaultBranch: data.default_branch, isPrivate: data.private },
    mayPush: data.permissions?.push ?? true,
  }
  yield rightsFinding(fullName, rights, await missingRights(asked, place, rights))
  const wanted = wantedHook(settings, neededEvents(ofRepository))
  if (wanted === undefined) {
    const text = 'PUBLIC_URL leads to this machine only: which webhook is ours cannot be told'
    yield {
      level: 'warn',
      of: `webhook of ${fullName}`,
      text,
      todo: 'Set PUBLIC_URL, or TUNNEL_URL (docs/tunnel.md).',
    }
  } else {
    const secret = { secret: settings.webhookSecret, isProven: secretIsProven }
    const repository = { id: data.id, owner: data.owner.login, name: data.name }
    yield* await examineWebhook(asked.github, repository, wanted, secret)
  }
  yield await examineFetch(settings, fullName)
}

/** How the webhook should be; undefined where nothing but this machine can reach us. Pure. */
export function wantedHook(
  {
    publicUrl,
    tunnelUrl,
    githubServerUrl,
  }: Pick<DoctorSettings, 'publicUrl' | 'tunnelUrl' | 'githubServerUrl'>,
  events: string[],
): WantedHook | undefined {
  if (tunnelUrl !== undefined) return { url: tunnelUrl, events, jsonOnly: true }
  const isOutOfReach =
    isLoopback(new URL(publicUrl).hostname) && !isLoopback(new URL(githubServerUrl).hostname)
  return isOutOfReach ? undefined : { url: `${publicUrl}${webhookPath}`, events, jsonOnly: false }
}
