import type { LaneView } from '../../overview/overview.ts'

/** What the grid can be narrowed to. */
export const shows = ['all', 'attention', 'active', 'failing', 'locked', 'behind'] as const
export type Show = (typeof shows)[number]

/** A repository's environments. */
export interface Group {
  repository: string
  lanes: LaneView[]
  /** Whether its rows are shown without being asked for. */
  isOpen: boolean
}

/** With more environments than this, only repositories where something is the matter are open. */
const allOpen = 30

/** The lanes that match, by repository. Pure. */
export function groupLanes(lanes: readonly LaneView[], words: string, show: Show): Group[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const found = lanes.filter((lane) => {
    const name = `${lane.repository}/${lane.environment}`.toLowerCase()
    return wanted.every((word) => name.includes(word)) && isShown(lane, show)
  })
  const groups = new Map<string, LaneView[]>()
  for (const lane of found) groups.set(lane.repository, [...(groups.get(lane.repository) ?? []), lane])
  return [...groups].map(([repository, lanes]) => ({
    repository,
    lanes,
    isOpen: found.length <= allOpen || lanes.some(needsAttention),
  }))
}

/** Whether something goes on there, or stands in the way. Pure. */
export function needsAttention(lane: LaneView): boolean {
  return isActive(lane) || lane.health === 'failing' || isLocked(lane)
}

export function isActive({ running, waiting }: LaneView): boolean {
  return running !== undefined || waiting.length > 0
}

export function isLocked({ locks, freezes }: LaneView): boolean {
  return locks.length + freezes.length > 0
}

function isShown(lane: LaneView, show: Show): boolean {
  if (show === 'attention') return needsAttention(lane)
  if (show === 'active') return isActive(lane)
  if (show === 'failing') return lane.health === 'failing'
  if (show === 'locked') return isLocked(lane)
  return show === 'all' || (lane.behind ?? 0) > 0
}

/** How things stand at all. */
export interface Summary {
  text: string
  /** How many there are of what matters, and what shows them alone. */
  counts: { text: string; show: Show }[]
}

/** How things stand, in one line. Pure. */
export function summaryOf(lanes: readonly LaneView[]): Summary {
  const repositories = new Set(lanes.map(({ repositoryId }) => repositoryId)).size
  const counts: [count: number, word: string, show: Show][] = [
    [lanes.filter(({ running }) => running).length, 'running', 'active'],
    [lanes.reduce((sum, { waiting }) => sum + waiting.length, 0), 'waiting', 'active'],
    [lanes.filter(({ health }) => health === 'failing').length, 'failing', 'failing'],
    [lanes.filter(isLocked).length, 'locked', 'locked'],
  ]
  return {
    text: `${plural(lanes.length, 'environment')} in ${plural(repositories, 'repository', 'repositories')}`,
    counts: counts.flatMap(([count, word, show]) => (count > 0 ? [{ text: `${count} ${word}`, show }] : [])),
  }
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
