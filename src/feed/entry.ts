import type { Change } from './feed.ts'

/** An entry of the stream, as Redis gives it. */
export type Entry = [id: string, fields: string[]]

/** The change that an entry of the stream tells of. Pure. */
export function toChange([id, list]: Entry): Change {
  const fields = new Map<string, string>()
  for (let index = 0; index < list.length; index += 2) fields.set(list[index] ?? '', list[index + 1] ?? '')
  const optional = <T>(field: string, read: (value: string) => T) => {
    const value = fields.get(field) ?? ''
    return value === '' ? {} : { [field]: read(value) }
  }
  return {
    id,
    kind: fields.get('kind') as Change['kind'],
    ...optional('repositoryId', Number),
    ...optional('environment', String),
    ...optional('deployment', Number),
    ...optional('state', String),
  }
}
