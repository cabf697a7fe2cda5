import type { ChannelTarget, PlacedChannel } from '../config/rules.ts'

/** How people are told which channel is meant: never by its address. */
export interface ChannelName {
  id: string
  kind: ChannelTarget['kind']
  /** `slack (acme/shop)`. */
  name: string
  /** The repository, by name or pattern, whose it is; undefined: it is told of all, or of several. */
  repository: string | undefined
}

/** The names of all channels, each once. Pure. */
export function nameChannels(channels: readonly PlacedChannel[]): ChannelName[] {
  const ids = [...new Set(channels.map(({ channel }) => channel.id))]
  const taken = new Map<string, number>()
  return ids.flatMap((id) => {
    const same = channels.filter(({ channel }) => channel.id === id)
    const [first] = same
    if (first === undefined) return []
    const { kind } = first.channel.target
    const places = [...new Set(same.map(({ repository }) => repository))]
    const repository = places.length === 1 ? places[0] : undefined
    const where = repository ?? (places.includes(undefined) ? 'everything' : places.join(', '))
    const count = (taken.get(`${kind} ${where}`) ?? 0) + 1
    taken.set(`${kind} ${where}`, count)
    return [{ id, kind, name: `${kind}${count === 1 ? '' : ` ${count}`} (${where})`, repository }]
  })
}
