import type { RulesInForce } from '../config/rules.ts'
import { closest } from '../config/spelling.ts'
import type { Repositories } from '../deliveries/repositories.ts'
import { fullName } from '../jobs/job.ts'

/** What a person means by `shop`, `acme/shop`, `shop/topic` or `acme/shop#topic`; or what they are told. */
export type Meant = { repository: string; ref?: string } | { unclear: string }

/**
 * The repository, and the branch, tag or commit, that somebody names in a chat. A repository is named whole, or by its last part
 * where that is one repository's only; what comes after `#`, or after another `/`, is the ref. A whole name comes before a short
 * one with a ref; where two parts could be either, it is neither. Nothing at all means the one repository that there is. Pure.
 *
 * @param known the repositories that there are, as `owner/name`
 */
export function findRepository(named: string | undefined, known: readonly string[]): Meant {
  if (named === undefined || named === '') return theOnlyOne(known)
  const [app = '', ...more] = named.split('#')
  const ofApp = ofName(app, known)
  // A branch may have a # of its own.
  if (more.length > 0 && 'repository' in ofApp) return withRef(ofApp, more.join('#'))
  const parts = named.split('/')
  const whole = parts.slice(0, 2).join('/')
  const [short = '', ...rest] = parts
  const others = called(short, known)
  if (parts.length >= 2 && known.some((each) => same(each, whole))) {
    const [other] = parts.length === 2 ? others : []
    return other === undefined
      ? withRef(ofName(whole, known), parts.slice(2).join('/'))
      : twoWays(whole, other)
  }
  if (rest.length === 0 || others.length > 0) return withRef(ofName(short, known), rest.join('/'))
  return withRef(ofName(whole, known), parts.slice(2).join('/'))
}

/** `shop/mobile` where there is a repository of that name, and one called `shop`: a guess might deploy the wrong one. */
function twoWays(whole: string, other: string): Meant {
  const ref = whole.slice(whole.indexOf('/') + 1)
  const ways = `${whole}/BRANCH for the one, ${other}/${ref} for the other`
  return { unclear: `${whole} may be that repository, or ${ref} of ${other}: write ${ways}.` }
}

/** The repositories that are deployed: those that deliveries have come from, and those that livraison.yml names. */
export async function deployedRepositories(
  rules: RulesInForce,
  repositories: Pick<Repositories, 'all'>,
): Promise<string[]> {
  const { current } = rules
  const known = (await repositories.all()).map(fullName).filter((name) => current.of(name) !== undefined)
  const named = current.named.filter((name) => !known.some((each) => same(each, name)))
  // A name that one repository gave up may be another's now.
  return [...new Set([...known, ...named])].sort()
}

const wholeName = /^[\w.-]+\/[\w.-]+$/

/** A whole name that is not known may be one that nothing has come from yet: whoever is asked to do it says so. */
function ofName(name: string, known: readonly string[]): Meant {
  const whole = known.find((each) => same(each, name))
  if (whole !== undefined) return { repository: whole }
  const [first, ...others] = called(name, known)
  if (first !== undefined && others.length === 0) return { repository: first }
  if (first !== undefined) {
    return { unclear: `Several repositories are called ${name}: name one whole, as in ${first}.` }
  }
  const near = closest(name, [...known, ...known.map(lastPart)])
  if (near === undefined && wholeName.test(name)) return { repository: name }
  const meant = near === undefined ? 'Name it as in acme/shop.' : `Did you mean ${near}?`
  return { unclear: `No repository is called ${name}. ${meant}` }
}

function theOnlyOne(known: readonly string[]): Meant {
  const [first, ...others] = known
  if (first !== undefined && others.length === 0) return { repository: first }
  return { unclear: 'Name a repository, as in acme/shop, or shop if there is one of that name only.' }
}

function withRef(meant: Meant, ref: string): Meant {
  return 'unclear' in meant || ref === '' ? meant : { ...meant, ref }
}

function called(name: string, known: readonly string[]): string[] {
  return known.filter((each) => same(lastPart(each), name))
}

function lastPart(name: string): string {
  return name.slice(name.indexOf('/') + 1)
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
