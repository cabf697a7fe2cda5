import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Actor } from '../access/actor.ts'
import { isEnough, type Role } from '../access/role.ts'

/** What every component of a page may ask for. */
export interface Shell {
  /** Who reads the page; null if nobody has signed in. */
  actor: Actor | null
  /** What they may do: in the page's repository, if it is about one. */
  role: Role | undefined
  /** What each form sends along, so that no other site can send it in the reader's name; empty for strangers. */
  csrf: string
  /** The page's path and query: where to come back to. */
  address: string
  /** Where people see repositories, without a slash at the end. */
  githubUrl: string
  /** When the page was made, in milliseconds since 1970. */
  nowMs: number
}

export const ShellContext = createContext<Shell>({
  actor: null,
  role: undefined,
  csrf: '',
  address: '/',
  githubUrl: 'https://github.com',
  nowMs: 0,
})

/** The shell of the page that a component is on. */
export function useShell(): Shell {
  return useContext(ShellContext)
}

/** Whether the reader may do what needs this role. */
export function useMay(role: Role): boolean {
  return isEnough(useShell().role, role)
}
