import type { Place } from '../../operations/operations.ts'
import { Field } from '../components/form.tsx'
import { placeWords } from './words.ts'

/** Where something holds: as the address says it, or to be filled in. */
export function PlaceFields({ place, isFixed }: { place: Place; isFixed: boolean }) {
  const { repository, environment } = place
  if (isFixed) {
    return (
      <>
        <p>
          Where: <strong>{placeWords(place)}</strong>
        </p>
        {repository === undefined ? null : <input type="hidden" name="repository" value={repository} />}
        {environment === undefined ? null : <input type="hidden" name="environment" value={environment} />}
      </>
    )
  }
  return (
    <>
      <Field
        name="repository"
        label="Repository"
        value={repository}
        placeholder="acme/shop"
        hint="Leave it empty for everything."
      />
      <Field
        name="environment"
        label="Environment"
        value={environment}
        placeholder="production"
        hint="Leave it empty for all of the repository."
      />
    </>
  )
}
