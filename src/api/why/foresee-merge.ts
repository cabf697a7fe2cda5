import type { Facts } from './facts.ts'
import { foreseeHolds } from './hold-words.ts'
import { durationWords, listWords, noneHas } from './words.ts'

/** What would become of a pull request that was merged now. */
export interface MergeForeseen {
  deployed: 'at once' | 'later' | 'not'
  text: string
}

/** Foresees what a merge into the deployed branch would lead to. Pure. */
export function foreseeMerge(facts: Facts): MergeForeseen {
  const foreseen = foresee(facts)
  if (foreseen.deployed === 'not' || !facts.hasPaths) return foreseen
  return {
    ...foreseen,
    text: `${foreseen.text} But only if files have changed there that the environment's paths name.`,
  }
}

function foresee(facts: Facts): MergeForeseen {
  const { repository, environment, isKnown, deploysMerges, running, waiting, pause, workers, lackedLabels } =
    facts
  if (!isKnown) {
    return {
      deployed: 'not',
      text: `No delivery of ${repository} has ever arrived: is the webhook set up, with the address of this receiver, its secret, and the events pull_request and deployment?`,
    }
  }
  if (!facts.isEnvironment) {
    const text = `${environment} is not an environment of ${repository} in livraison.yml: nothing is deployed to it.`
    return { deployed: 'not', text }
  }
  if (facts.after !== undefined && !deploysMerges) {
    return {
      deployed: 'later',
      text: `It would be deployed once ${facts.after} has succeeded with it: see why there.${heldWords('Then it would be held back', facts)}`,
    }
  }
  if (!deploysMerges) {
    return {
      deployed: 'not',
      text: `A merge is not deployed to ${environment}; ${
        facts.deploysTags ? 'a tag is, and ' : ''
      }a deployment that somebody creates at GitHub is.`,
    }
  }
  if (workers === 0) return { deployed: 'later', text: 'It would wait until a worker is started: none runs.' }
  if (lackedLabels) {
    return {
      deployed: 'later',
      text: `It would wait until such a worker is started: ${noneHas(lackedLabels)}.`,
    }
  }
  if (pause) {
    const text = `It would wait for ${durationWords(pause.leftMs)}, for which GitHub is left alone.`
    return { deployed: 'later', text }
  }
  const held = heldWords('It would be held back', facts).trim()
  if (held !== '') return { deployed: 'later', text: held }
  if (running || waiting.length > 0) {
    const first = running?.record.id ?? waiting[0]?.id
    const others = (running ? waiting : waiting.slice(1)).map(({ id }) => `#${id}`)
    const beside =
      others.length === 0
        ? ''
        : ` So ${others.length === 1 ? 'does' : 'do'} ${listWords(others)}: where a newer one replaces those that wait, this one would.`
    return { deployed: 'later', text: `It would wait for #${first} to end.${beside}` }
  }
  if (facts.waitMs !== undefined) {
    return { deployed: 'later', text: `It would be held back for ${durationWords(facts.waitMs)} first.` }
  }
  return { deployed: 'at once', text: 'It would be deployed at once.' }
}

/** ` It would be held back: Locked by octocat: ...`; empty if nothing would. */
function heldWords(start: string, { holds, nowMs }: Facts): string {
  const reasons = foreseeHolds(holds, nowMs)
  return reasons.length === 0 ? '' : ` ${start}: ${reasons.join(' ')}`
}
