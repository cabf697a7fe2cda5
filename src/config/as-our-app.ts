import type { OurApp } from '../github/app/our-app.ts'
import type { OurAppRules, Rules, RulesInForce } from './rules.ts'

/** How often the App's name is asked for, at most, while GitHub does not give it. */
const askMs = 10_000

/**
 * The rules, and that we are an App: which deployments are ours depends on it. Its id is known at once; its name, by which its bot
 * goes, once GitHub has said it.
 */
export function asOurApp(
  rules: RulesInForce,
  id: number,
  ask: () => Promise<Pick<OurApp, 'slug'>>,
): RulesInForce {
  let ourApp: OurAppRules = { id, bot: undefined }
  let askedAt = Number.NEGATIVE_INFINITY
  let made: { of: Rules; by: OurAppRules; rules: Rules } | undefined

  const askUnlessKnown = () => {
    if (ourApp.bot !== undefined || performance.now() - askedAt < askMs) return
    askedAt = performance.now()
    ask().then(
      ({ slug }) => {
        ourApp = { id, bot: `${slug}[bot]` }
      },
      // The next who needs it has it asked again.
      () => {},
    )
  }

  askUnlessKnown()
  return {
    get current() {
      askUnlessKnown()
      const { current } = rules
      if (made?.of !== current || made.by !== ourApp) {
        made = { of: current, by: ourApp, rules: { ...current, ourApp } }
      }
      return made.rules
    },
  }
}
