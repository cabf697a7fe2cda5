import { styleText } from 'node:util'

/** One line of the story. */
export interface Part {
  /** Milliseconds since 1970. */
  at: number
  kind: 'event' | 'log' | 'going' | 'good' | 'bad'
  text: string
}

const stateWidth = 'in_progress'.length
const colours = { event: 'reset', log: 'dim', going: 'yellow', good: 'green', bad: 'red' } as const

/** How a deployment status is told. */
export function stateParts(state: string, description: string): Pick<Part, 'kind' | 'text'> {
  return { kind: kindOf(state), text: `  ${state.padEnd(stateWidth)}  ${description}` }
}

function kindOf(state: string): Part['kind'] {
  if (state === 'success') return 'good'
  return state === 'failure' || state === 'error' ? 'bad' : 'going'
}

/** One line: the time since `beganAt`, and what happened. */
export function lineOf({ at, kind, text }: Part, beganAt: number, colour: boolean): string {
  const seconds = Math.max(0, (at - beganAt) / 1000)
  const time = `${seconds.toFixed(1)} s`.padStart(8)
  const told = kind === 'log' ? `    | ${text}` : text
  if (!colour) return `${time}  ${told}`
  return `${styleText('dim', time)}  ${styleText(colours[kind], told)}`
}
