import type { RulesInForce } from '../../config/rules.ts'
import { closest } from '../../config/spelling.ts'
import type { Repositories } from '../../deliveries/repositories.ts'
import { fullName } from '../../jobs/job.ts'
import { Refused } from '../../operations/refused.ts'
import type { HubotCommand } from './request.ts'

export interface AppSources {
  rules: RulesInForce
  repositories: Pick<Repositories, 'all'>
}

/** A repository, and what of it: `owner/name`, and a branch, tag or sha. */
export interface FoundApp {
  repository: string
  ref?: string
}

type Named = Pick<HubotCommand, 'app' | 'repository' | 'ref'>

/**
 * The repository that is meant: the one that apps.json says; or the one known by its short name; or `owner/name`, which the
 * grammar reads as an app and the beginning of a branch. Where it could be two, it is neither.
 *
 * @throws {Refused} that says which there are
 */
export async function findApp({ rules, repositories }: AppSources, named: Named): Promise<FoundApp> {
  const { app, repository, ref } = named
  if (repository !== undefined) return { repository, ...refOf(ref) }
  if (app === undefined) throw new Refused('invalid', 'Of which app?')
  // One that was made anew has the name of the one before.
  const names = new Set((await repositories.all()).map(fullName))
  const known = [...names].filter((each) => rules.current.of(each))
  const [beginning = '', ...rest] = (ref ?? '').split('/')
  const inFull = beginning === '' ? undefined : `${app}/${beginning}`
  const full = known.find((each) => same(each, inFull ?? ''))
  const short = known.filter((each) => same(each.split('/')[1] ?? '', app))
  const ofFull = { ...refOf(rest.join('/')) }

  if (full !== undefined && short.length > 0) {
    const [other = ''] = short
    throw new Refused(
      'invalid',
      `${inFull} may be ${full}, or ${beginning} of ${other}: write ${full}/<branch>, or ${other}/${ref}.`,
    )
  }
  if (full !== undefined) return { repository: full, ...ofFull }
  const [first, second] = short
  if (first !== undefined && second === undefined) return { repository: first, ...refOf(ref) }
  if (first !== undefined) {
    throw new Refused('invalid', `${app} may be ${short.join(' or ')}: write it in full.`)
  }
  // Nothing has come from it yet, but the configuration takes it.
  if (inFull !== undefined && rules.current.of(inFull)) return { repository: inFull, ...ofFull }
  throw new Refused(
    'unknown',
    `${app}? Livraison deploys no repository of that name.${didYouMean(app, known)}`,
  )
}

function refOf(ref: string | undefined): { ref?: string } {
  return ref === undefined || ref === '' ? {} : { ref }
}

function didYouMean(app: string, known: string[]): string {
  const meant = closest(
    app,
    known.map((each) => each.split('/')[1] ?? each),
  )
  return meant === undefined ? ' Write it as owner/name if it is new.' : ` Did you mean ${meant}?`
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
