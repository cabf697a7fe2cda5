import { validationFailed } from '../refusal.ts'
import type { World } from '../world.ts'

/** @see https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/registering-a-github-app */
const longestName = 34

/** A name is at most 34 characters long, and no other App has it. */
export function refuseLongNames(world: World, name: string): void {
  if (name.trim() === '' || [...name].length > longestName) {
    throw validationFailed('Integration', 'name', 'invalid', `Name must be 1 to ${longestName} characters`)
  }
  const taken = [...world.apps.registered.values()].some(
    (app) => app.name.toLowerCase() === name.toLowerCase(),
  )
  if (taken) throw validationFailed('Integration', 'name', 'already_exists', 'Name is already taken')
}
