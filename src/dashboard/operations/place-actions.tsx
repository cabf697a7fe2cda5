import type { Place } from '../../operations/operations.ts'
import { ButtonLink } from '../components/form.tsx'
import { useMay } from '../shell.ts'
import { deployPath, placeQuery } from './paths.ts'

/** What can be done in a repository or an environment, by those who may. */
export function PlaceActions({ place }: { place: Place & { repository: string } }) {
  const mayFreeze = useMay('approver')
  if (!useMay('deployer')) return null
  return (
    <>
      <ButtonLink href={deployPath(place.repository, place.environment)} kind="main">
        Deploy …
      </ButtonLink>
      <ButtonLink href={`/locks/lock${placeQuery(place)}`}>Lock …</ButtonLink>
      {mayFreeze ? <ButtonLink href={`/locks/freeze${placeQuery(place)}`}>Freeze …</ButtonLink> : null}
    </>
  )
}
